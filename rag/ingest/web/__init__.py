"""An address → its article, or those that a feed or sitemap lists; politely, and from public hosts alone."""

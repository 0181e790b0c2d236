"""What the page's server has beside the page: the desk of questions, endpoints, figures, sessions."""

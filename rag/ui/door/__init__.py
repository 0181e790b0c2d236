"""Everything between the network and the page: proxies, headers, origins, limits, the login."""

"""Articles in: file, page or dump → Article → Passages.

A file comes in by `inputs`, an address by `web`; `reading` has a reader in `formats` make drafts of it, and
`finishing` an article of each: `text` brings it into canonical form, `cleaning` leaves the page behind,
`metadata` tells what the file does not say. `chunking` cuts it into passages.
"""

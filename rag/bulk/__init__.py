"""Articles in by many processes: the workers of a Dask cluster read, cut and embed, this process writes.

The files, or the lines of a dump, are cut into shares in their order. A worker gets a share and gives back
articles, then a batch of those that are new or changed and gives back passages with their vectors. It opens
no store: a share is a function of what it is given, so that a killed worker's share is done anew by another
without harm.

Workers that index their share themselves would save sending vectors (44 kB an article), but writing is one
after another in any case, and each of them would, at each turn and under the lock, open anew or derive in its
own folder what all the others wrote meanwhile: the more workers, the longer the lock is held. So the lock
stays here, a folder can be filled from other machines too, workers need no rights to the database, and an id
that stands in two shares is noticed as `rag index` notices it.
"""

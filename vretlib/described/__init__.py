"""Collections described by features, and what is searched, learned and scored on these descriptions.

A collection that `vretlib.datasets` has read is described here, by networks or by local features; chapters, the
training of the committed weights and the real runs share most of these modules. What only reads files belongs in
`vretlib.datasets`, and what needs no collection in a package below it.
"""

"""The order of the steps, and nothing else: from mappings and snapshots to a release, and from the network to both."""

"""An alteration as people write it: genes, HGVS names, places in the genome."""

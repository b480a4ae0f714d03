"""nordstat harmonises cross-border commuting statistics between Sweden and Norway."""

"""Measurements that are run by hand: each prints the figures it claims."""

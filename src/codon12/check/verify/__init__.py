"""Verifiers: each file checks one idea against the exact rules of arithmetic, and adds its checks to a `Case`."""

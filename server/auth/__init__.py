"""Who is at the other end: personal links, the cookie they are exchanged for, TLS material."""

"""The media plane that needs nothing installed: one process, one UDP port, nothing decoded.

The only importer of aiortc, aioice and pylibsrtp. ``plane.EmbeddedPlane`` lives in the web process and speaks
to ``worker`` over a local socket; everything else here runs in the worker, on one thread.
"""

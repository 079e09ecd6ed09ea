"""A way to the server on which answers to offers can be changed: HTTP and WebSocket pass through it.

A process that is given its address meets another media port than the server's, such as that of a bad line.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
from yarl import URL

KEPT = ("Host", "Origin", "Cookie", "Content-Type")
GIVEN = ("Location", "Set-Cookie", "Content-Type")


@asynccontextmanager
async def detour(server: str, changed: Callable[[str], str]) -> AsyncIterator[str]:
    """Its address; ``changed`` makes the SDP that arrives out of the server's answer."""
    upstream = URL(server)

    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:

        async def handle(request: web.Request) -> web.StreamResponse:
            headers = {name: request.headers[name] for name in KEPT if name in request.headers}
            url = upstream.join(request.rel_url)
            if request.path.endswith("/ws"):
                async with http.ws_connect(url, headers=headers, max_msg_size=2**24) as behind:
                    socket = web.WebSocketResponse()
                    await socket.prepare(request)
                    await _both_ways(socket, behind)
                    return socket
            body = await request.read()
            async with http.request(
                request.method, url, headers=headers, data=body, allow_redirects=False
            ) as answer:
                text = await answer.read()
                if request.path.endswith("/media/offer") and answer.status == 200:
                    told = json.loads(text)
                    text = json.dumps(told | {"sdp": changed(told["sdp"])}).encode()
                response = web.Response(body=text, status=answer.status)
                for name in GIVEN:
                    if name in answer.headers:
                        response.headers[name] = answer.headers[name]
                return response

        application = web.Application()
        application.router.add_route("*", "/{path:.*}", handle)
        runner = web.AppRunner(application, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


async def _both_ways(socket: web.WebSocketResponse, behind: aiohttp.ClientWebSocketResponse) -> None:
    async def up() -> None:
        async for message in socket:
            await behind.send_str(message.data)

    async def down() -> None:
        async for message in behind:
            await socket.send_str(message.data)
        await socket.close(code=behind.close_code or 1000)

    ways = [asyncio.create_task(up()), asyncio.create_task(down())]
    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    for way in ways:
        way.cancel()
    await asyncio.gather(*ways, return_exceptions=True)

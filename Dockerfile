FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md ./
COPY rooms rooms
COPY server server
COPY webclient webclient
RUN python -m venv /opt/rembug \
 && /opt/rembug/bin/pip install --no-cache-dir --constraint constraints.txt .

FROM python:3.11-slim-bookworm
RUN useradd --system --create-home --home-dir /var/lib/rembug rembug
COPY --from=build /opt/rembug /opt/rembug
ENV PATH=/opt/rembug/bin:$PATH \
    REMBUG_DATA_DIR=/var/lib/rembug \
    REMBUG_HOST=0.0.0.0 \
    REMBUG_PORT=8080 \
    REMBUG_MEDIA_PORT=7882
USER rembug
VOLUME /var/lib/rembug
EXPOSE 8080/tcp 7882/udp 7882/tcp
STOPSIGNAL SIGTERM
CMD ["rembug", "serve"]

# nevkg serve as an image: docker build --tag nevkg . && docker run --read-only --tmpfs /tmp --publish 127.0.0.1:8000:8000 nevkg
# How to deploy it, and how to renew the digest: docs/deploying.md. tests/publish/test_image.py runs these steps without an engine.
# The digest is that of Python 3.13.14 for all platforms, as docker-library/repo-info lists it (repos/python/remote/3.13-slim.md).
FROM python:3.13-slim@sha256:9662417aace5ae7b8e2609cce472b72a8958e134ba372808abe9cc1a0c0125e6 AS build
ENV NEVKG_CACHE=/opt/nevkg/cache UV_PROJECT_ENVIRONMENT=/opt/nevkg UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN python -m venv /opt/uv && /opt/uv/bin/pip install --no-cache-dir uv==0.13.9
COPY . /src
# The packages of uv.lock, each checked by its digest. The explorer is built with our own.
RUN /opt/uv/bin/uv sync --project /src --python python3 --frozen --no-dev --extra serve --extra mcp --no-editable --compile-bytecode --no-cache
# The store is built here, so that the image starts at once and writes nothing.
RUN /opt/nevkg/bin/nevkg info && /opt/nevkg/bin/nevkg ask companies > /dev/null && chmod -R a+rX,a-w /opt/nevkg/cache

FROM python:3.13-slim@sha256:9662417aace5ae7b8e2609cce472b72a8958e134ba372808abe9cc1a0c0125e6
ENV NEVKG_CACHE=/opt/nevkg/cache PYTHONUNBUFFERED=1
COPY --from=build /opt/nevkg /opt/nevkg
USER 65534:65534
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s CMD ["/opt/nevkg/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health')"]
ENTRYPOINT ["/opt/nevkg/bin/nevkg", "serve", "--host", "0.0.0.0"]
CMD ["--port", "8000", "--log"]

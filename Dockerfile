# nevkg serve as an image: docker build --tag nevkg . && docker run --read-only --tmpfs /tmp --publish 127.0.0.1:8000:8000 nevkg
# How to run it for all: docs/deploying.md. tests/test_image.py does these steps without an engine.
FROM python:3.13-slim AS build
ENV NEVKG_CACHE=/opt/nevkg/cache
COPY . /src
RUN python -m venv /opt/nevkg && /opt/nevkg/bin/pip install --no-cache-dir '/src[serve]'
# The explorer was built with the package. The store is built here, so that the image starts at once and writes nothing.
RUN /opt/nevkg/bin/nevkg info && chmod -R a+rX,a-w /opt/nevkg/cache

FROM python:3.13-slim
ENV NEVKG_CACHE=/opt/nevkg/cache PYTHONUNBUFFERED=1
COPY --from=build /opt/nevkg /opt/nevkg
USER 65534:65534
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s CMD ["/opt/nevkg/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health')"]
ENTRYPOINT ["/opt/nevkg/bin/nevkg", "serve", "--host", "0.0.0.0"]
CMD ["--port", "8000", "--log"]

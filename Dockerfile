# One image for web, worker and beat; what it is started with decides which.
FROM python:3.13-slim-bookworm AS packages
COPY requirements-production.txt .
RUN python -m venv /packages \
    && /packages/bin/pip install --no-cache-dir --require-hashes -r requirements-production.txt

FROM python:3.13-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home portal \
    && install -d -o portal -g portal /media
COPY --from=packages /packages /packages
ENV PATH=/packages/bin:$PATH PYTHONUNBUFFERED=1 \
    HMSKORT_STATIC_ROOT=/portal/staticfiles HMSKORT_MEDIA_ROOT=/media
WORKDIR /portal
COPY . .
# Keys and addresses of this one step only: collecting files asks nobody.
RUN python -c "from hmskort.local.catalogues import FOLDERS, compile_all; [compile_all(folder) for folder in FOLDERS]" \
    && HMSKORT_ENV=development HMSKORT_SECRET_KEY=build HMSKORT_IDENTITY_KEYS= HMSKORT_LOOKUP_KEY= \
       DATABASE_URL=postgresql:///none REDIS_URL=redis://none \
       python manage.py collectstatic --no-input \
    && python -m compileall -q hmskort orders cards registers encoding
USER portal
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--no-ws", \
     "hmskort.wsgi:application"]

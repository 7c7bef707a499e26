# One image for web, worker, beat, migrations and the mail catcher of a trial. Development files stay out of it.
FROM python:3.13-slim AS packages
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin ispath \
 && mkdir /mails && chown ispath /mails
COPY --from=packages /venv /venv
WORKDIR /srv/ispath
COPY manage.py ./
COPY protocols protocols
COPY clinic clinic
COPY notifications notifications
COPY ispath ispath
# The settings want to be whole; none of these values reaches a running container.
RUN SECRET_KEY=build LINK_SIGNING_KEY=build DATABASE_URL=postgresql://build@build/build REDIS_URL=redis://build \
    EMAIL_URL=smtp://build DEFAULT_FROM_EMAIL=build BASE_URL=https://build ALLOWED_HOSTS=build \
    python manage.py collectstatic --noinput
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "ispath.wsgi", "--bind", "0.0.0.0:8000", "--limit-request-line", "8190"]

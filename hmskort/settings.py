"""Every setting of the portal, read top to bottom.

Values come from the environment, secrets also from files (`X_FILE`). Nothing here is secret, and
nothing unsafe is a default: an environment that says nothing is production, and
`hmskort.system_checks` refuses to start production with simulators or missing keys.
"""

import logging
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from environs import FileAwareEnv, validate

from hmskort.common.masking import mask_rendered

env = FileAwareEnv()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where we are ---------------------------------------------------------------------------

HMSKORT_ENV = env.str("HMSKORT_ENV", "production")  # development | test | production
PRODUCTION = HMSKORT_ENV == "production"
SITE = env.str("HMSKORT_SITE", "portal")  # portal | simulators: which site this process serves
DEBUG = False  # our own 500 page is shown everywhere; tracebacks are in the log
BASE_URL = env.str("HMSKORT_BASE_URL", "http://localhost:8000")
SIMULATORS_URL = env.str("HMSKORT_SIMULATORS_URL", "" if PRODUCTION else "http://localhost:8001")
ALLOWED_HOSTS = env.list(
    "HMSKORT_ALLOWED_HOSTS",
    [urlsplit(BASE_URL).hostname, "localhost", "127.0.0.1", "testserver"]
    if not PRODUCTION
    else [urlsplit(BASE_URL).hostname],
)
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# --- Keys: only from the environment --------------------------------------------------------

SECRET_KEY = env.str("HMSKORT_SECRET_KEY")
IDENTITY_KEYS = env.str("HMSKORT_IDENTITY_KEYS")  # "1:<base64>,2:<base64>", newest last
LOOKUP_KEY = env.str("HMSKORT_LOOKUP_KEY")  # base64; finds identity numbers without opening them
STATION_TOKENS = env.str("HMSKORT_STATION_TOKENS", "")  # "name:token,..." of encoding stations
CHIP_PUBLIC_KEYS = env.str("HMSKORT_CHIP_PUBLIC_KEYS", "")  # path of the JWKS of signing keys
CHIP_PROFILE = env.str("HMSKORT_CHIP_PROFILE", "reference-1")  # a layout in `encoding.profiles`

# --- Rooms ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "hmskort.common",
    "hmskort.audit",
    "hmskort.notifications",
    "registers",
    "registers.exemptions",
    "hmskort.accounts",
    "hmskort.accounts.orderers",
    "cards",
    "cards.public_check",
    "cards.production",
    "orders",
    "orders.delivery",
    "orders.importing",
    "orders.evidence",
    "orders.paper",
    "orders.payments",
    "orders.invoicing",
    "orders.review",
    "orders.crediting",
    "orders.recalls",
    "hmskort.desk",
    "hmskort.pages",
    "hmskort.apps.PortalConfig",
    *([] if PRODUCTION else ["hmskort.simulators"]),
    "django.contrib.admin.apps.SimpleAdminConfig",  # `hmskort.admin` names its models itself
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "django_structlog",
    "pgtrigger",
]

MIDDLEWARE = [
    "cards.public_check.middleware.CheckFirst",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "hmskort.common.logs.RequestLog",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hmskort.common.language.NorwegianMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hmskort.accounts.middleware.ActorMiddleware",
    "hmskort.pages.middleware.InPlaceMiddleware",
    "hmskort.pages.middleware.ConflictMiddleware",
    "hmskort.pages.middleware.SilenceMiddleware",
]
ROOT_URLCONF = "hmskort.simulators.urls" if SITE == "simulators" else "hmskort.urls"
WSGI_APPLICATION = "hmskort.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["hmskort.common.templatetags.portal"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hmskort.pages.context.site",
                "hmskort.accounts.context.staff",
                "hmskort.desk.context.waiting",
            ],
        },
    },
]
FORM_RENDERER = "hmskort.common.form_renderer.FormRenderer"

# --- PostgreSQL, Valkey, files --------------------------------------------------------------

DATABASES = {"default": env.dj_db_url("DATABASE_URL")}
DATABASES["default"].update(
    CONN_MAX_AGE=0,
    ATOMIC_REQUESTS=False,
    OPTIONS={
        **DATABASES["default"].get("OPTIONS", {}),
        "pool": {"min_size": 1, "max_size": 8, "timeout": 10} if HMSKORT_ENV != "test" else False,
    },
)
REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},  # seconds
    }
}
MEDIA_ROOT = env.str("HMSKORT_MEDIA_ROOT", str(BASE_DIR / "var" / "media"))  # never served as is
STATIC_URL = "/static/"
STATIC_ROOT = env.str("HMSKORT_STATIC_ROOT", str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
S3_BUCKET = env.str("HMSKORT_S3_BUCKET", "")  # several machines share files; needs the extra
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "endpoint_url": env.str("HMSKORT_S3_URL", None),
            "bucket_name": S3_BUCKET,
            "access_key": env.str("HMSKORT_S3_KEY", None),
            "secret_key": env.str("HMSKORT_S3_SECRET", None),
        },
    }
    if S3_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if HMSKORT_ENV == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = HMSKORT_ENV == "test"
FILE_UPLOAD_HANDLERS = [
    "hmskort.common.uploads.upload_wall.UploadWall",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 4_000_000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- Tasks: the broker only wakes; what must not be lost is in PostgreSQL --------------------

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 360,  # above the longest task
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    # Who wakes a worker does not wait for a broker that is down: the sweep delivers.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_TIMEZONE = "Europe/Oslo"
# How often registers are looked at. In development their world changes while somebody watches.
FEED_EVERY_S = env.float("HMSKORT_FEED_EVERY", 60.0 if PRODUCTION else 5.0)
FILE_EVERY_S = env.float("HMSKORT_FILE_EVERY", 900.0 if PRODUCTION else 10.0)
EMPLOYERS_EVERY_S = env.float("HMSKORT_EMPLOYERS_EVERY", 10.0)
EMPLOYERS_AT_ONCE = env.int("HMSKORT_EMPLOYERS_AT_ONCE", 20)  # the budget of one run
PERIODS_EVERY_S = env.float("HMSKORT_PERIODS_EVERY", 300.0 if PRODUCTION else 10.0)
PERIODS_AT_ONCE = env.int("HMSKORT_PERIODS_AT_ONCE", 100)  # the budget of one run
EMPLOYER_REREAD_S = env.float("HMSKORT_EMPLOYER_REREAD", 6 * 3600.0 if PRODUCTION else 20.0)
CELERY_BEAT_SCHEDULE = {
    "outbox": {"task": "hmskort.common.tasks.deliver", "schedule": 5.0},
    "register lookups": {"task": "registers.tasks.ask_due", "schedule": 5.0},
    "Enhetsregisteret's feeds": {
        "task": "registers.tasks.follow_companies",
        "schedule": FEED_EVERY_S,
    },
    "Folkeregisteret's feed": {"task": "registers.tasks.follow_people", "schedule": FEED_EVERY_S},
    "permits and assignments that end": {
        "task": "registers.tasks.ask_before_the_end",
        "schedule": PERIODS_EVERY_S,
    },
    "employers in Aa-registeret": {
        "task": "registers.tasks.reread_employers",
        "schedule": EMPLOYERS_EVERY_S,
    },
    **{
        register: {
            "task": "registers.tasks.read_file",
            "args": [register],
            "schedule": FILE_EVERY_S,
        }
        for register in ("renholdsregisteret", "bemanningsforetaksregisteret")
    },
    "orders that wait": {"task": "orders.tasks.sweep", "schedule": 10.0},
    "news of cards": {"task": "orders.tasks.tell_companies", "schedule": 10.0},
    "lists of employees nobody looks at": {
        "task": "orders.tasks.forget_staff",
        "schedule": 3600.0,
    },
    "payments nobody came back from": {"task": "orders.payments.tasks.sweep", "schedule": 60.0},
    "sessions that have run out": {"task": "hmskort.accounts.tasks.sweep", "schedule": 3600.0},
    "access that ends": {"task": "hmskort.accounts.tasks.warn_of_ends", "schedule": 3600.0},
    "refunds that fail": {"task": "orders.payments.tasks.sweep_refunds", "schedule": 6 * 3600.0},
    "files without a card": {"task": "cards.tasks.sweep", "schedule": 24 * 3600.0},
    "files without a row": {"task": "orders.evidence.tasks.sweep", "schedule": 3600.0},
    "old lists of people": {"task": "orders.importing.tasks.purge", "schedule": 3600.0},
    "scans without a row": {"task": "orders.paper.tasks.sweep", "schedule": 3600.0},
    "production": {"task": "cards.production.tasks.sweep", "schedule": 10.0},
    "exemptions that run out": {"task": "hmskort.desk.tasks.warn_expiring", "schedule": 3600.0},
    "unclear answers": {"task": "hmskort.desk.tasks.ask_registers", "schedule": 3600.0},
    "files without a case": {"task": "hmskort.desk.tasks.sweep", "schedule": 3600.0},
}
EVENT_LISTENERS = "hmskort.events.LISTENERS"
FACTS_WEIGHED_BY = "cards.stakes.stakes"  # what a register's whole file would mean for cards
# What a killed worker had in hand is taken up by another after this. Longer than two calls outside
# that time out; whatever is slower still may run beside itself, as it must be able to anyway.
LEASE_S = env.float("HMSKORT_LEASE", 30.0)

# --- Languages and time ---------------------------------------------------------------------

LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]
# The second has what Django's administration says and its own catalogues lack.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "hmskort" / "admin" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Oslo"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION

# --- The issuer -----------------------------------------------------------------------------

ISSUER_NAME = env.str("HMSKORT_ISSUER_NAME", "HMS-kort demonstrasjon AS")
ISSUER_ORGNR = env.str("HMSKORT_ISSUER_ORGNR", "310000019")
# The address on invoices; registered in Foretaksregisteret where the issuer's form must be.
ISSUER_STREET = env.str("HMSKORT_ISSUER_STREET", "" if PRODUCTION else "Kortgata 1")
ISSUER_POSTAL_CODE = env.str("HMSKORT_ISSUER_POSTAL_CODE", "" if PRODUCTION else "0181")
ISSUER_CITY = env.str("HMSKORT_ISSUER_CITY", "" if PRODUCTION else "Oslo")
ISSUER_PHONE = env.str("HMSKORT_ISSUER_PHONE", "00000000")
ISSUER_EMAIL = env.str("HMSKORT_ISSUER_EMAIL", "hjelp@hmskort.example")
OPERATORS_EMAIL = env.str("HMSKORT_OPERATORS_EMAIL", ISSUER_EMAIL)  # told when a file is held

# --- Outside services: a client each, chosen by dotted path ----------------------------------

MASKINPORTEN = {
    "url": env.str("HMSKORT_MASKINPORTEN_URL", f"{SIMULATORS_URL}/maskinporten/"),
    "client_id": env.str("HMSKORT_MASKINPORTEN_CLIENT_ID", "hmskort"),
    "key": env.str("HMSKORT_MASKINPORTEN_KEY", ""),  # PEM; development makes its own
    "key_id": env.str("HMSKORT_MASKINPORTEN_KEY_ID", "hmskort-1"),
}
REGISTERS = {
    "enhetsregisteret": {
        "client": "registers.enhetsregisteret.client.Client",
        "base_url": env.str(
            "HMSKORT_ENHETSREGISTERET_URL", f"{SIMULATORS_URL}/enhetsregisteret/api"
        ),
    },
    "folkeregisteret": {
        "client": "registers.folkeregisteret.client.Client",
        "base_url": env.str(
            "HMSKORT_FOLKEREGISTERET_URL",
            f"{SIMULATORS_URL}/folkeregisteret/folkeregisteret/offentlig-med-hjemmel/api/v1",
        ),
    },
    "aaregisteret": {
        "client": "registers.aaregisteret.client.Client",
        "base_url": env.str(
            "HMSKORT_AAREGISTERET_URL", f"{SIMULATORS_URL}/aareg/v1/arbeidsforhold/graphql"
        ),
    },
    "renholdsregisteret": {  # the address of the file; which generation it is shows by itself
        "client": "registers.renholdsregisteret.client.Client",
        "base_url": env.str(
            "HMSKORT_RENHOLDSREGISTERET_URL", f"{SIMULATORS_URL}/registerdata/renhold_register.xml"
        ),
    },
    "bemanningsforetaksregisteret": {
        "client": "registers.bemanningsforetaksregisteret.client.Client",
        "base_url": env.str(
            "HMSKORT_BEMANNINGSFORETAKSREGISTERET_URL",
            f"{SIMULATORS_URL}/bemanningsforetaksregisteret2/api/virksomheter",
        ),
    },
    "oar": {
        "client": "registers.oar.client.Client",
        "base_url": env.str("HMSKORT_OAR_URL", f"{SIMULATORS_URL}/oar/v1"),
    },
    "udi": {
        "client": "registers.udi.client.Client",
        "base_url": env.str("HMSKORT_UDI_URL", f"{SIMULATORS_URL}/udi/v1"),
    },
    "krr": {
        "client": "registers.krr.client.Client",
        "base_url": env.str("HMSKORT_KRR_URL", f"{SIMULATORS_URL}/krr/rest/v2"),
    },
}
REGISTER_TIMEOUT_S = env.float("HMSKORT_REGISTER_TIMEOUT", 5.0)
REGISTER_QUESTIONS_AT_ONCE = env.int("HMSKORT_REGISTER_QUESTIONS_AT_ONCE", 32)  # from one worker
# What each register is asked by all workers together: calls under way, and calls a second.
# Folkeregisteret says 60 000 a minute; Enhetsregisteret says nothing, and callers keep to 5.
REGISTER_BUDGETS = {
    register: (
        env.int(f"HMSKORT_{register.upper()}_AT_ONCE", at_once),
        env.float(f"HMSKORT_{register.upper()}_PER_SECOND", per_second),
    )
    for register, at_once, per_second in (
        ("enhetsregisteret", 4, 5.0 if PRODUCTION else 100.0),
        ("folkeregisteret", 4, 100.0),
        ("aaregisteret", 8, 50.0),
        ("oar", 4, 20.0),
        ("udi", 4, 20.0),
    )
}
ALTINN = {
    "client": "hmskort.accounts.altinn.client.Client",
    "base_url": env.str("HMSKORT_ALTINN_URL", f"{SIMULATORS_URL}/altinn"),
    "subscription_key": env.str("HMSKORT_ALTINN_SUBSCRIPTION_KEY", ""),
    "resource": env.str("HMSKORT_ALTINN_RESOURCE", "hmskort-bestilling"),
}
PAYMENT: dict[str, dict[str, str]] = {  # who carries out what is paid, by method
    "nexi": {
        "client": "orders.payments.nexi.client.Client",
        "base_url": env.str("HMSKORT_NEXI_URL", f"{SIMULATORS_URL}/nexi"),
        "secret": env.str("HMSKORT_NEXI_SECRET", "" if PRODUCTION else "simulator-secret-key"),
        "webhook_secret": env.str(
            "HMSKORT_NEXI_WEBHOOK_SECRET", "" if PRODUCTION else "simulatorwebhook0001"
        ),
    },
    "vipps": {
        "client": "orders.payments.vipps.client.Client",
        "base_url": env.str("HMSKORT_VIPPS_URL", f"{SIMULATORS_URL}/vipps"),
        "client_id": env.str("HMSKORT_VIPPS_CLIENT_ID", "" if PRODUCTION else "simulator-client"),
        "client_secret": env.str(
            "HMSKORT_VIPPS_CLIENT_SECRET", "" if PRODUCTION else "simulator-client-secret"
        ),
        "subscription_key": env.str(
            "HMSKORT_VIPPS_SUBSCRIPTION_KEY", "" if PRODUCTION else "simulator-subscription"
        ),
        "merchant_serial_number": env.str("HMSKORT_VIPPS_MERCHANT", "" if PRODUCTION else "123456"),
        "webhook_secret": env.str(
            "HMSKORT_VIPPS_WEBHOOK_SECRET", "" if PRODUCTION else "simulator-vipps-webhook-secret"
        ),
    },
}
# Who carries invoices to the buyers' accounts: an access point, or a folder that another empties.
EHF = (
    {"client": "orders.invoicing.access_point.folder.Folder", "folder": folder}
    if (folder := env.str("HMSKORT_EHF_FOLDER", ""))
    else {
        "client": "orders.invoicing.access_point.client.Client",
        "base_url": env.str("HMSKORT_EHF_URL", f"{SIMULATORS_URL}/peppol"),
        "token": env.str("HMSKORT_EHF_TOKEN", "" if PRODUCTION else "simulator-peppol-token"),
    }
)
INVOICE_ACCOUNT = env.str("HMSKORT_INVOICE_ACCOUNT", "" if PRODUCTION else "86011117947")
KID_CHECK = env.str(  # as agreed with the bank
    "HMSKORT_KID_CHECK", "mod10", validate=validate.OneOf(["mod10", "mod11"])
)
PAYMENT_PAGE_ORIGIN = env.str(  # of the page where people pay
    "HMSKORT_PAYMENT_PAGE_ORIGIN",
    "https://checkout.dibspayment.eu" if PRODUCTION else SIMULATORS_URL,
)
VIPPS_PAGE_ORIGIN = env.str(
    "HMSKORT_VIPPS_PAGE_ORIGIN",
    "https://landing.vipps.no" if PRODUCTION else SIMULATORS_URL,
)
EMAIL_BACKEND = env.str(
    "HMSKORT_EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend"
    if PRODUCTION
    else "hmskort.notifications.backends.InboxEmailBackend",
)
EMAIL_HOST = env.str("HMSKORT_SMTP_HOST", "")
EMAIL_PORT = env.int("HMSKORT_SMTP_PORT", 587)
EMAIL_USE_TLS = env.bool("HMSKORT_SMTP_TLS", True)
EMAIL_HOST_USER = env.str("HMSKORT_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.str("HMSKORT_SMTP_PASSWORD", "")
EMAIL_TIMEOUT = 10  # seconds; less than LEASE_S, or a slow server would get the mail twice
DEFAULT_FROM_EMAIL = env.str("HMSKORT_FROM_EMAIL", "HMS-kort <ikke-svar@hmskort.example>")
MAIL_TOKEN = env.str(  # of who hands over mail to the desk; nobody may where there is none
    "HMSKORT_MAIL_TOKEN", "" if PRODUCTION else "simulator-mail-token"
)
SMS = {
    "client": "hmskort.notifications.sms.client.Client",
    "base_url": env.str("HMSKORT_SMS_URL", f"{SIMULATORS_URL}/sms"),
    "user": env.str("HMSKORT_SMS_USER", "hmskort"),
    "password": env.str("HMSKORT_SMS_PASSWORD", "" if PRODUCTION else "simulator"),
    "sender": "HMS-kort",
}
WORLD_LOADERS = [
    "hmskort.accounts.demonstration.load",
    "hmskort.accounts.orderers.demonstration.load",
    "cards.demonstration.load",
]

# --- Login ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "accounts:choose_company"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_LOGIN = env.bool("HMSKORT_PASSWORD_LOGIN", True)  # False: ID-porten is the only way in
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
ACCOUNT_ADAPTER = "hmskort.accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "hmskort.accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = False  # colleagues share post@; nobody logs in by an address
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {
    "phone"
}  # not offered; allauth asks for one, and colleagues share addresses
ACCOUNT_SIGNUP_FIELDS = ["phone*"]
ACCOUNT_LOGIN_TIMEOUT = 600  # seconds from the password to the second factor
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("HMSKORT_TRUSTED_PROXIES", 1 if PRODUCTION else 0)
MFA_ADAPTER = "hmskort.accounts.orderers.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "HMS-kort"
MFA_TOTP_TOLERANCE = 1  # a code is good for half a minute longer: telephones are slow and late
ID_PORTEN = {
    "client": "hmskort.accounts.id_porten.client.Client",
    "issuer": env.str("HMSKORT_ID_PORTEN_ISSUER", f"{SIMULATORS_URL}/idporten"),
    "client_id": env.str("HMSKORT_ID_PORTEN_CLIENT_ID", "hmskort"),
    "secret": env.str("HMSKORT_ID_PORTEN_SECRET", "" if PRODUCTION else "simulator-client-secret"),
    "key": env.str("HMSKORT_ID_PORTEN_KEY", ""),  # PEM; where given it is used, not the secret
    "key_id": env.str("HMSKORT_ID_PORTEN_KEY_ID", "hmskort-1"),
    "acr": "idporten-loa-substantial",  # the lowest level that may log in
}
ID_PORTEN_ORIGIN = env.str(  # of the pages where people log in and out
    "HMSKORT_ID_PORTEN_ORIGIN", "https://login.idporten.no" if PRODUCTION else SIMULATORS_URL
)
STAFF_QUEUES = {  # where they land
    "reviewer": "review:queue",
    "producer": "production:batches",
    "caseworker": "desk:queue",
    "administrator": "admin:index",
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_S = 60 * 60
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "hmskort.pages.views.csrf_failure"

# --- Headers --------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "frame-src": ["'self'"],
        "form-action": [  # a redirect after a form counts, both ways to the simulators
            "'self'",
            *sorted(
                {BASE_URL, SIMULATORS_URL, ID_PORTEN_ORIGIN, PAYMENT_PAGE_ORIGIN, VIPPS_PAGE_ORIGIN}
                - {""}
            ),
        ],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
PERMISSIONS_POLICY: dict[str, str | list[str]] = {
    "camera": "self",
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION and env.bool("HMSKORT_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None

# --- Log: structured, never an identity number -----------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_identity_numbers": {"()": "hmskort.common.logs.NoIdentityNumbers"}},
    "formatters": {
        "plain": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
                mask_rendered,
            ],
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
            ],
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["no_identity_numbers"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},  # its INFO lines hold whole URLs
        "httpcore": {"level": "WARNING"},
        "nfc": {"level": "INFO"},  # below INFO it logs keys
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "celery": {"level": "INFO"},
    },
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
logging.captureWarnings(capture=True)

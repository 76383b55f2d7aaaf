"""Settings of Địa Đồ. Every name read from the environment is described in docs/settings.md."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.security import content_security_policy
from landdata import crs

BASE_DIR = Path(__file__).resolve().parent.parent

# --- how it runs -------------------------------------------------------------------------------
MODE = os.environ.get("DIADO_MODE", "development")
if MODE not in ("development", "production"):
    raise ImproperlyConfigured(
        f"DIADO_MODE phải là development hoặc production, không phải {MODE!r}. "
        f"DIADO_MODE must be development or production, not {MODE!r}."
    )
PRODUCTION = MODE == "production"
DEBUG = False

VAR = Path(os.environ.get("DIADO_VAR", BASE_DIR / "var")).resolve()
PORT = int(os.environ.get("DIADO_PORT", "8000"))


def _environment_file() -> dict[str, str]:
    """What the private installation below VAR wrote about itself; empty without one."""
    path = VAR / "environment.json"
    if not path.is_file():
        return {}
    written: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return written


_written = _environment_file()

SECRET_KEY = os.environ.get(
    "DIADO_SECRET_KEY", "" if PRODUCTION else _written.get("secret_key", "")
)
ALLOWED_HOSTS = [h for h in os.environ.get("DIADO_ALLOWED_HOSTS", "").split(",") if h]
if PRODUCTION and not (SECRET_KEY and ALLOWED_HOSTS):
    raise ImproperlyConfigured(
        "Chế độ production cần DIADO_SECRET_KEY và DIADO_ALLOWED_HOSTS (xem docs/settings.md). "
        "Production needs DIADO_SECRET_KEY and DIADO_ALLOWED_HOSTS (see docs/settings.md)."
    )
if not PRODUCTION:
    # Development answers on this machine only, whatever port it listens on.
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    # Enough for commands that sign nothing; `make run` writes a lasting one below VAR.
    SECRET_KEY = SECRET_KEY or os.urandom(32).hex()

# --- where it is ---------------------------------------------------------------------------------
#: The VN-2000 zone of the city as the world knows it, and the own SRID its geometry is stored in.
STORAGE_EPSG = int(os.environ.get("DIADO_STORAGE_EPSG", "5897"))
if STORAGE_EPSG not in crs.VN2000:
    raise ImproperlyConfigured(
        f"DIADO_STORAGE_EPSG={STORAGE_EPSG} không phải múi VN-2000; chọn một trong {crs.VN2000}. "
        f"DIADO_STORAGE_EPSG={STORAGE_EPSG} is no VN-2000 zone; choose one of {crs.VN2000}."
    )
STORAGE_SRID = crs.srid_of(STORAGE_EPSG)
#: Which demo city `make run` builds: hanoi (EPSG:5897) or vung-tau (EPSG:5899), and how large.
DEMO_CITY = os.environ.get("DIADO_CITY", "vung-tau" if STORAGE_EPSG == 5899 else "hanoi")
DEMO_CITY_PARCELS = int(os.environ.get("DIADO_CITY_PARCELS", "20000"))
#: Who runs this installation, for the capabilities of its services.
PROVIDER_NAME = os.environ.get("DIADO_PROVIDER_NAME", "")
PROVIDER_EMAIL = os.environ.get("DIADO_PROVIDER_EMAIL", "")
PROVIDER_PHONE = os.environ.get("DIADO_PROVIDER_PHONE", "")
#: Address pattern of a background map from outside, {z}/{x}/{y}; empty: none is asked.
OUTSIDE_BACKGROUND = os.environ.get("DIADO_OUTSIDE_BACKGROUND", "")

# --- database ------------------------------------------------------------------------------------
PUBLIC_ROLE = "diado_public"
TEAM_ROLE = "diado_team"


def _database(url: str, **extra: Any) -> dict[str, Any]:
    """Return Django's settings for a postgres:// or postgis:// address."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql", "postgis"):
        raise ImproperlyConfigured(
            "DATABASE_URL phải có dạng postgresql://người:mật_khẩu@máy:cổng/tên. "
            "DATABASE_URL must look like postgresql://user:password@host:port/name."
        )
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        **extra,
    }


_ABORT_WITH_CLIENT = "-c client_connection_check_interval=1000"
# What is asked while somebody waits is answered before its plan were compiled.
_NO_JIT = "-c jit=off"
_READING = (
    f"{_ABORT_WITH_CLIENT} -c statement_timeout=10000 -c default_transaction_read_only=on "
    # A large answer is sent as it is read: compiling its plan first takes half a second.
    f"{_NO_JIT} "
    # Starting a second process takes longer than drawing a tile, and the other cores belong to
    # those who ask meanwhile.
    "-c max_parallel_workers_per_gather=0"
)
_database_url = os.environ.get("DATABASE_URL") or _written.get(
    "database_url", "postgresql:///diado"
)
_public_url = os.environ.get("DIADO_PUBLIC_DATABASE_URL") or (
    "" if os.environ.get("DATABASE_URL") else _written.get("public_database_url", "")
)
_team_url = os.environ.get("DIADO_TEAM_DATABASE_URL") or (
    "" if os.environ.get("DATABASE_URL") else _written.get("team_database_url", "")
)
DATABASES = {
    "default": _database(
        _database_url,
        # A statement of a killed importer must not go on and commit.
        OPTIONS={"options": f"{_ABORT_WITH_CLIENT} {_NO_JIT}", "application_name": "diado"},
        TEST={"TEMPLATE": "template_diado"},
    ),
    # What the public reads through: a role that can read public_* views and nothing else.
    "public": _database(
        _public_url or _database_url,
        OPTIONS={
            # What is prepared is asked for every plot: planning takes longer than answering.
            "options": f"{_READING} -c plan_cache_mode=force_generic_plan"
            + ("" if _public_url else f" -c role={PUBLIC_ROLE}"),
            "application_name": "diado-public",
        },
        TEST={"MIRROR": "default"},
    ),
    # What planners read their drafts through: team_* functions and nothing else.
    "team": _database(
        _team_url or _database_url,
        OPTIONS={
            "options": _READING + ("" if _team_url else f" -c role={TEAM_ROLE}"),
            "application_name": "diado-team",
        },
        TEST={"MIRROR": "default"},
    ),
}
DATABASE_ROUTERS = ["config.databases.PublicViews"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- applications --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.gis",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "accounts",
    "landdata",
    "planning",
    "importers",
    "tileserver",
    "webmap",
    # Swagger UI for /api/docs; webmap stands before it and brings its own template.
    "ninja",
    "config",
    # Its templates give way to ours; nothing is registered but what config/desk.py names.
    "django.contrib.admin.apps.SimpleAdminConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.security.PermissionsPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.VietnameseFirst",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.keys.SignedInByKey",
    "config.access.OnlyWhoMay",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.errors.ErrorAnswers",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
WHITENOISE_USE_FINDERS = not PRODUCTION
# Looks at the files for each request, so that a new build is served without a restart.
WHITENOISE_AUTOREFRESH = not PRODUCTION
WHITENOISE_MAX_AGE = 31_536_000 if PRODUCTION else 60

# --- language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# --- background work -----------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- files ---------------------------------------------------------------------------------------
#: Every file that ever came in, named by its SHA-256. It may hold personal data: nobody serves it.
RECEIVED = VAR / "received"
TILE_CACHE = VAR / "tiles"
#: Shaded copies of terrain models, which MapServer draws.
RELIEF = VAR / "relief"
#: Copies of heights and depths, which rules on terrain read.
GRIDS = VAR / "grids"
#: Networks, entrances and plots put together for reach; what is missing is made again.
REACH = VAR / "reach"
MAPSERVER_SOCKET = Path(os.environ.get("DIADO_MAPSERVER_SOCKET", VAR / "run" / "mapserver.sock"))
#: Memory that a process may take for cities held ready for what-ifs.
REACH_MEMORY_MB = int(os.environ.get("DIADO_REACH_MEMORY_MB", "600"))

# --- security ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.OpenAccounts",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Five wrong passwords for one name from one address: a quarter of an hour's pause. Not by name
# alone, or anybody could lock an officer out; not by address alone, or an office behind one
# address would be locked out by one of its people.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "config.security.lower_case_name"
AXES_CLIENT_IP_CALLABLE = "config.security.client_address"
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
# Who signed in when is personal data that nothing here reads.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION

#: Whether our own reverse proxy stands in front, sets X-Forwarded-Proto and appends to
#: X-Forwarded-For. Without one nobody may set these headers.
BEHIND_PROXY = os.environ.get("DIADO_BEHIND_PROXY", "") == "1"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
#: What one address without a key may ask for within a minute (docs/limits.md); 0: no limit.
REQUEST_UNITS_PER_MINUTE = int(os.environ.get("DIADO_REQUEST_UNITS", "6000"))
SECURE_SSL_REDIRECT = PRODUCTION
# The supervisor asks over loopback whether the server lives.
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = content_security_policy(outside_background=OUTSIDE_BACKGROUND)
# What a page or a program sends is small; files come in through commands.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 10

SILENCED_SYSTEM_CHECKS = [
    # Debian's GDAL cannot block files and addresses inside a spatial file. Django's GDAL never
    # opens what somebody sent: importers read it in a process of its own.
    "gis.W001",
    # Entering the browsers' preload list is the decision of the owner of the whole domain.
    "security.W021",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}

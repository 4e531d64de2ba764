"""allauth's settings: e-mail sign-in, second factors, passkeys. Its counters are ours, in PostgreSQL."""

from config import env

ACCOUNT_LOGIN_METHODS = {"username"}  # the username is a keyed token of the address: practice.signin
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "practice.signin.Accounts"
ACCOUNT_FORMS: dict[str, str] = {}
ACCOUNT_RATE_LIMITS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds; ASVS 7.5.1
MFA_ADAPTER = "practice.factors.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Records"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = env.flag("SUBROSA_DEMO") or env.flag("SUBROSA_TESTING")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "practice.passwords.NotAboutYou"},
]

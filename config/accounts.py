"""allauth's settings: e-mail sign-in, second factors, passkeys. Its counters are ours, in PostgreSQL."""

from config import env

ACCOUNT_LOGIN_METHODS = {"username"}  # the username is a keyed token of the address: practice.signin
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "practice.signin.Accounts"
ACCOUNT_FORMS = {
    "login": "practice.forms.signin.SignInForm",
    "reauthenticate": "practice.forms.signin.ConfirmForm",
    "change_password": "practice.forms.signin.NewPasswordForm",
}
ACCOUNT_RATE_LIMITS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds; ASVS 7.5.1
MFA_ADAPTER = "practice.factors.Factors"
MFA_FORMS = {
    "authenticate": "practice.forms.factors.CodeForm",
    "reauthenticate": "practice.forms.factors.CodeAgain",
    "authenticate_webauthn": "practice.forms.factors.PasskeyForm",
    "login_webauthn": "practice.forms.factors.PasskeySignIn",
    "reauthenticate_webauthn": "practice.forms.factors.PasskeyAgain",
    "add_webauthn": "practice.forms.factors.NewPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Records"
MFA_TOTP_TOLERANCE = 1  # one step of 30 s to either side, for slow fingers and clocks (ASVS 6.5.5)
MFA_ALLOW_UNVERIFIED_EMAIL = True  # allauth's table of addresses is not used: staff come by invitation
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = env.flag("SUBROSA_DEMO") or env.flag("SUBROSA_TESTING")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "practice.passwords.NotCommonPassphrase"},
    {"NAME": "practice.passwords.NotAboutYou"},
]
PASSWORD_HASHERS = ["practice.passwords.Argon2"]
PASSWORD_RESET_TIMEOUT = 1800  # seconds; practice.limits.RESET_LINK
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # sealed, unlike a cookie
# Whether a request came over https is what our own outermost proxy says, where there is one; nobody else is believed.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.number("TRUSTED_PROXY_HOPS", 0) else None

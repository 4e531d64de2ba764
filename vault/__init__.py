"""The vault: sealed fields, the key ring and keyed tokens. It knows no other room."""

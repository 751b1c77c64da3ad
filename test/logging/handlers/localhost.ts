// A certificate for localhost, and its key, that sign themselves and are for tests only. Made by
// openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost
//   -addext subjectAltName=DNS:localhost,IP:127.0.0.1

export const localhostKey: string = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEedPvkdJTxjsZQhR
fShuXP2PDQiXmkiXsFhPWMwKR56hRANCAAR4c9mLtPPUkTbBwAPnycMokgwB8pL8
t+ZHdembZnDmuOsaCAMjjIyNiI7HLxLZj7UdEmenN12BaPKkcvhUwfXm
-----END PRIVATE KEY-----`;

export const localhostCertificate: string = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUaUIFgyMlb96gpMY5XG1FG7LgvZYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIwMTI0NFoYDzIxMjYxMDI5
MjAxMjQ0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAR4c9mLtPPUkTbBwAPnycMokgwB8pL8t+ZHdembZnDmuOsaCAMjjIyN
iI7HLxLZj7UdEmenN12BaPKkcvhUwfXmo28wbTAdBgNVHQ4EFgQU3fcwH9eIt5UI
ygovHUZVb63/93MwHwYDVR0jBBgwFoAU3fcwH9eIt5UIygovHUZVb63/93MwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgWuRoo4Na7sydh6nZV29ec7pS951/FoxSvwd7P2Df2pYCIQCD
d039q33G/22JAOch4JAlD4X2dXdXKVHHcNVn1YcLKA==
-----END CERTIFICATE-----`;

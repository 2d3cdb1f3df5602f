// Package config reads conformance.yaml: the target, the values of path
// parameters, and the credentials by role.
//
//	target: https://api.example.com/v1
//	params: { groupId: 5f7cac1adf5d6c6306f4b283 }
//	credentials:
//	  owner:  { user: abcdefgh, key: "${OWNER_KEY}" }
//	  reader: { user: ijklmnop, key: "${READER_KEY}" }
//	limits: { rate: 100/m }
//	tls: { ca: authorities.pem, clientCert: me.pem, clientKey: me.key }
//	network: { resolve: "api.example.com:443:127.0.0.1" }
//
// A setting that is misspelt must not be a setting that is ignored, so the file
// is read strictly: an unknown or repeated key is an error that names the line
// and what was probably meant. ${NAME} in a value stands for an environment
// variable, which keeps keys out of the file; one that is not set is an error.
package config

// Package validate judges requests, responses and values against one operation.
package validate

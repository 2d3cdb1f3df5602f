package main

import (
	"crypto/sha256"
	"fmt"
	"runtime/debug"

	"github.com/atlas-contract/conformance/openapi"
)

// version is one line for --version.
func version() string {
	return fmt.Sprintf("conformance %s, contract sha256:%x", programVersion(), sha256.Sum256(openapi.Document()))
}

// programVersion is what the go command wrote into the program.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "dev"
	}
	return info.Main.Version
}

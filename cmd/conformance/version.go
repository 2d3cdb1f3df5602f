package main

import (
	"fmt"
	"runtime/debug"

	"github.com/alecthomas/kong"

	"github.com/atlas-contract/conformance/internal/report"
)

// versionFlag is --version.
type versionFlag bool

// BeforeReset prints one line and ends the program. The digest is the one that
// reports have.
func (versionFlag) BeforeReset(app *kong.Kong) error {
	c, err := (&documentFlags{Profile: documented}).load()
	if err != nil {
		return err
	}
	fmt.Fprintf(app.Stdout, "conformance %s, contract sha256:%s\n", programVersion(), c.Digest)
	app.Exit(report.ExitKept)
	return nil
}

// programVersion is what the go command wrote into the program.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "dev"
	}
	return info.Main.Version
}

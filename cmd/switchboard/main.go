// Command switchboard is the whole product: one program that serves the web UI and the API, listens on the channels and
// sends what is written.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"switchboard/internal/config"
)

// version is set when a release is built.
var version = "dev"

type commands struct {
	config.Config

	Serve    serveCommand    `cmd:"" default:"withargs" help:"Run Switchboard. An empty house prints the link to its first-run wizard."`
	Demo     demoCommand     `cmd:"" help:"Run Switchboard with the ACME company on stand-in channels, to look at and to play with."`
	Load     loadCommand     `cmd:"" help:"Drive load against a running switchboard on this machine, and measure how soon the live feed tells of it."`
	Check    configCommand   `cmd:"" name:"config" help:"Print the settings in force, secrets masked, and where each comes from."`
	Backup   backupCommand   `cmd:"" help:"Make one file of all that is kept, while Switchboard runs; on SQLite. On PostgreSQL use pg_dump."`
	Restore  restoreCommand  `cmd:"" help:"Make a house of a backup, in a new folder (--data). What was on its way then is held until a person lets it go."`
	Hold     holdCommand     `cmd:"" help:"Hold everything that is on its way until a person lets it go: after a restore by other means (pg_restore), before the first start."`
	Rotate   rotateCommand   `cmd:"" name:"rotate-key" help:"Add a new key to the key file, and seal every kept secret with it."`
	Password passwordCommand `cmd:"" help:"Give somebody who forgot theirs a new password, printed once; all their sessions end."`
	OpenAPI  openAPICommand  `cmd:"" name:"openapi" help:"Print the description of the API."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "switchboard: "+err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	var cli commands
	loaded, err := config.Parse(&cli, &cli.Config, args, os.Environ(), kong.Name("switchboard"),
		kong.Description("The desk that puts every message to the company through to who can answer it best."))
	if err != nil {
		return err
	}
	loaded.BindTo(ctx, (*context.Context)(nil))
	return loaded.Run(&cli.Config, loaded)
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run() error {
	_, err := fmt.Println("switchboard", version)
	return err
}

type configCommand struct{}

// Run prints the settings.
func (configCommand) Run(l *config.Loaded) error { return l.Effective(os.Stdout) }

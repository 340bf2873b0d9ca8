// Package storetest gives tests a real database, SQLite and PostgreSQL alike.
//
// PostgreSQL runs in a private cluster under the temporary folder, started by the first test that needs it (as the user
// postgres when the tests run as root) and left running for the next; `make test` stops it at its end. A machine without
// PostgreSQL fails the test and says what to install.
package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the pgx driver

	"switchboard/internal/store"
)

// Each runs f on both databases, each time on an empty one with the present schema.
func Each(t *testing.T, f func(t *testing.T, s *store.Store)) {
	t.Run("sqlite", func(t *testing.T) { f(t, Open(t, SQLite(t))) })
	t.Run("postgres", func(t *testing.T) { f(t, Open(t, Postgres(t))) })
}

// Open opens a database and closes it with the test. Its clock is the machine's.
func Open(t testing.TB, dsn string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), store.Options{DSN: dsn, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// SQLite returns the path of a new database file.
func SQLite(t testing.TB) string { return filepath.Join(t.TempDir(), "switchboard.db") }

// Durable is Postgres on a cluster that waits for its disk, as a real one does: for figures.
func Durable(t testing.TB) string { return database(t, durable) }

var made atomic.Int64

// Postgres returns the address of a new, empty database. It is dropped with the test.
func Postgres(t testing.TB) string { return database(t, quick) }

// Cluster starts the private cluster that Postgres makes databases on, unless it runs already, and returns its address.
func Cluster() (string, error) { return quick() }

func database(t testing.TB, cluster func() (string, error)) string {
	t.Helper()
	base, err := cluster()
	if err != nil {
		t.Fatalf("no PostgreSQL for the tests: %v", err)
	}
	name := fmt.Sprintf("t%d_%d_%d", os.Getpid(), made.Add(1), time.Now().UnixNano()%1e6)
	admin(t, base, "CREATE DATABASE "+name)
	t.Cleanup(func() { admin(t, base, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// Template is a database that others begin as copies of.
type Template struct {
	file []byte // SQLite
	name string // PostgreSQL: a database of the cluster that it was made on
	base string
}

// Keep makes a template of the database at dsn, which nobody has open and nobody may use afterwards.
func Keep(t testing.TB, dsn string) *Template {
	t.Helper()
	base, name, postgres := split(t, dsn)
	if !postgres {
		b, err := os.ReadFile(dsn)
		if err != nil {
			t.Fatal(err)
		}
		return &Template{file: b}
	}
	k := &Template{base: base, name: fmt.Sprintf("template_%d_%d", os.Getpid(), made.Add(1))}
	sweep(t, base)
	admin(t, base, "ALTER DATABASE "+name+" RENAME TO "+k.name)
	return k
}

// Fill makes the empty database at dsn a copy of the template, which is of the same kind and cluster.
func (k *Template) Fill(t testing.TB, dsn string) {
	t.Helper()
	if k.name == "" {
		if err := os.WriteFile(dsn, k.file, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	_, name, _ := split(t, dsn)
	admin(t, k.base, "DROP DATABASE "+name)
	admin(t, k.base, "CREATE DATABASE "+name+" TEMPLATE "+k.name)
}

// Empty reports whether nobody has opened the database at dsn yet.
func Empty(t testing.TB, dsn string) bool {
	t.Helper()
	if _, _, postgres := split(t, dsn); !postgres {
		_, err := os.Stat(dsn)
		return errors.Is(err, fs.ErrNotExist)
	}
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.QueryRow(`SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n == 0
}

// split returns the cluster and the name of a database of PostgreSQL; postgres is false for a file.
func split(t testing.TB, dsn string) (base, name string, postgres bool) {
	t.Helper()
	if !strings.HasPrefix(dsn, "postgres://") {
		return "", "", false
	}
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	name = strings.TrimPrefix(u.Path, "/")
	u.Path = "/postgres"
	return u.String(), name, true
}

// sweep drops the templates of test programs that have ended.
func sweep(t testing.TB, base string) {
	t.Helper()
	db, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT datname FROM pg_database WHERE datname LIKE 'template\_%'`)
	names, err := store.List(rows, err, func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) })
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		var pid, n int
		if _, err := fmt.Sscanf(name, "template_%d_%d", &pid, &n); err == nil && syscall.Kill(pid, 0) == syscall.ESRCH {
			admin(t, base, "DROP DATABASE IF EXISTS "+name)
		}
	}
}

func admin(t testing.TB, base, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// The two private clusters: one for tests, one for figures.
var (
	quick = sync.OnceValues(func() (string, error) {
		if dsn := os.Getenv("SWITCHBOARD_TEST_POSTGRES"); dsn != "" {
			return dsn, nil
		}
		return start("quick", 54000, "-c fsync=off -c full_page_writes=off -c synchronous_commit=off")
	})
	durable = sync.OnceValues(func() (string, error) { return start("durable", 55000, "") })
)

func start(name string, base int, more string) (string, error) {
	bin, err := programs()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(os.TempDir(), "switchboard-test-postgres-"+strconv.Itoa(os.Getuid()), name)
	port := strconv.Itoa(base + os.Getuid()%1000)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	data := filepath.Join(dir, "data")
	dsn := "postgres://postgres@127.0.0.1:" + port + "/postgres?sslmode=disable"
	if ours(dsn, data) {
		return dsn, nil
	}
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err != nil {
		if err := os.MkdirAll(data, 0o700); err != nil {
			return "", err
		}
		if err := own(data); err != nil {
			return "", err
		}
		if err := run(bin, "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"); err != nil {
			return "", err
		}
	}
	options := "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400 " +
		"-c shared_buffers=256MB -c max_wal_size=2GB " + more
	if err := run(bin, "pg_ctl", "-D", data, "-w", "-t", "60", "-l", filepath.Join(data, "log"), "-o", options, "start"); err != nil {
		return "", err
	}
	if !ours(dsn, data) {
		return "", fmt.Errorf("another PostgreSQL answers at port %s", port)
	}
	return dsn, nil
}

// ours reports whether the server at dsn keeps its data in the folder data.
func ours(dsn, data string) bool {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return false
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var where string
	return db.QueryRowContext(ctx, "SHOW data_directory").Scan(&where) == nil && where == data
}

func programs() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		if p, err := exec.LookPath("initdb"); err == nil {
			return filepath.Dir(p), nil
		}
		return "", fmt.Errorf("initdb is not on this machine: apt-get install postgresql (make test does it)")
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

func run(bin, name string, args ...string) error {
	c := exec.Command(filepath.Join(bin, name), args...)
	c.Dir = "/"
	if os.Getuid() == 0 {
		cred, err := postgresUser()
		if err != nil {
			return err
		}
		c.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
	}
	if name == "pg_ctl" { // the server it starts would hold our pipe open
		return c.Run()
	}
	out, err := c.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(string(out)))
	}
	return nil
}

func own(dir string) error {
	if os.Getuid() != 0 {
		return nil
	}
	cred, err := postgresUser()
	if err != nil {
		return err
	}
	return os.Chown(dir, int(cred.Uid), int(cred.Gid))
}

func postgresUser() (*syscall.Credential, error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root, and there is no user postgres: apt-get install postgresql")
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

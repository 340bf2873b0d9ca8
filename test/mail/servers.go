//go:build channels

// Package mail connects the e-mail connector, and a house that asks its people by mail, to a real Dovecot and a real Postfix. Both
// run privately: with files, sockets and ports of their own, on loopback, for domains that exist nowhere, and with no way out for a
// mail.
package mail

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"testing"
	"text/template"
	"time"
)

// Servers are a running Dovecot and Postfix. Each mailbox belongs to one address; who sends from one has signed in as its owner,
// and the server says so at the head of the mail, as it says of a mail from outside that it knows nothing of its sender.
type Servers struct {
	Dir                string
	IMAP, SMTP, Submit int // ports on 127.0.0.1: IMAP over TLS, SMTP for mail from outside, submission with STARTTLS
	UID, GID           string
	Postfix, Dovecot   string // programs
}

// Password opens every mailbox.
const Password = "correct-horse"

// Start starts both and ends them with the test. It skips the test where they are not installed or cannot be started.
func Start(t *testing.T) *Servers {
	t.Helper()
	s := &Servers{}
	for name, at := range map[string]*string{"dovecot": &s.Dovecot, "postfix": &s.Postfix} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Skipf("%s is missing: install Debian's dovecot-imapd and postfix", name)
		}
		*at = path
	}
	if os.Getuid() != 0 {
		t.Skip("Postfix can only be started by root")
	}
	mail, err := user.Lookup("mail")
	if err != nil {
		t.Skip("there is no user mail, to whom the mailboxes would belong: ", err)
	}
	s.UID, s.GID = mail.Uid, mail.Gid
	if s.Dir = os.Getenv("SWITCHBOARD_MAIL_DIR"); s.Dir == "" { // t.TempDir lies in folders that the servers' users may not enter
		s.Dir, err = os.MkdirTemp("", "switchboard-mail.")
		must(t, err)
		t.Cleanup(func() { _ = os.RemoveAll(s.Dir) })
	}
	must(t, os.Chmod(s.Dir, 0o755))
	s.IMAP, s.SMTP, s.Submit = port(t), port(t), port(t)
	for _, d := range []string{"dovecot", "postfix", "queue", "data", "mail"} {
		must(t, os.Mkdir(filepath.Join(s.Dir, d), 0o755))
	}
	must(t, os.Chown(s.file("mail"), number(t, mail.Uid), number(t, mail.Gid)))
	owner, err := user.Lookup("postfix")
	must(t, err)
	must(t, os.Chown(s.file("data"), number(t, owner.Uid), number(t, owner.Gid)))
	s.certify(t)
	s.write(t, "postfix/main.cf", mainCF)
	s.write(t, "postfix/master.cf", masterCF)
	s.write(t, "dovecot.conf", dovecotConf)
	// Postfix makes the folder in which Dovecot then opens the door for passwords
	s.run(t, s.Postfix, "-c", s.file("postfix"), "start")
	t.Cleanup(func() { s.tell(t); s.run(t, s.Postfix, "-c", s.file("postfix"), "stop") })
	s.run(t, s.Dovecot, "-c", s.file("dovecot.conf"))
	t.Cleanup(func() { s.run(t, s.Dovecot, "-c", s.file("dovecot.conf"), "stop") })
	for _, p := range []int{s.IMAP, s.SMTP, s.Submit} {
		awake(t, p)
	}
	return s
}

func (s *Servers) file(name string) string { return filepath.Join(s.Dir, name) }

// tell prints the servers' logs if the test failed.
func (s *Servers) tell(t *testing.T) {
	if !t.Failed() {
		return
	}
	for _, name := range []string{"postfix.log", "dovecot.log"} {
		b, _ := os.ReadFile(s.file(name))
		t.Logf("%s:\n%s", name, b[max(0, len(b)-6000):])
	}
}

func (s *Servers) run(t *testing.T, program string, args ...string) {
	t.Helper()
	out, err := os.Create(s.file("output")) // not a pipe: whoever stays in the background would hold it open
	must(t, err)
	defer out.Close()
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		t.Errorf("%s %v: %v\n%s", program, args, err, said)
	}
}

func (s *Servers) write(t *testing.T, name, text string) {
	t.Helper()
	var b bytes.Buffer
	must(t, template.Must(template.New(name).Parse(text)).Execute(&b, s))
	must(t, os.WriteFile(s.file(name), b.Bytes(), 0o644))
}

// certify makes a certificate for 127.0.0.1 and lets this process trust it: Go reads SSL_CERT_FILE once, at the first look.
func (s *Servers) certify(t *testing.T) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	now := time.Now()
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "switchboard test"}, NotBefore: now.Add(-time.Hour),
		NotAfter: now.Add(time.Hour), IsCA: true, BasicConstraintsValid: true, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	must(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	must(t, os.WriteFile(s.file("cert.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644))
	must(t, os.WriteFile(s.file("key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	t.Setenv("SSL_CERT_FILE", s.file("cert.pem"))
}

func port(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func awake(t *testing.T, port int) {
	t.Helper()
	for range 100 {
		if c, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", port)); err == nil {
			_ = c.Close()
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("nobody opens port %d", port)
}

func number(t *testing.T, s string) (n int) {
	t.Helper()
	_, err := fmt.Sscan(s, &n)
	must(t, err)
	return n
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const mainCF = `compatibility_level = 3.6
queue_directory = {{.Dir}}/queue
data_directory = {{.Dir}}/data
maillog_file = {{.Dir}}/postfix.log
maillog_file_prefixes = {{.Dir}}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.acme.example
mydestination =
mynetworks =
alias_maps =
local_recipient_maps =
local_transport = error:there is nobody here
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
virtual_mailbox_domains = acme.example, far.example
virtual_mailbox_base = {{.Dir}}/mail
virtual_mailbox_maps = inline:{ {help@acme.example=acme.example/help/} {sqlite@acme.example=acme.example/sqlite/}
  {postgres@acme.example=acme.example/postgres/} {ann@far.example=far.example/ann/} {bob@far.example=far.example/bob/}
  {kit@far.example=far.example/kit/} }
virtual_minimum_uid = 1
virtual_uid_maps = static:{{.UID}}
virtual_gid_maps = static:{{.GID}}
transport_maps = inline:{ {gone.example=fail:} }
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_tls_cert_file = {{.Dir}}/cert.pem
smtpd_tls_key_file = {{.Dir}}/key.pem
smtpd_tls_session_cache_database =
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_peername_lookup = no
smtpd_sender_login_maps = inline:{ {bob@far.example=bob@far.example} {eve@far.example=eve@far.example} {kit@far.example=kit@far.example} }
signed_in = reject_known_sender_login_mismatch, check_sender_access inline:{
  { bob@far.example = PREPEND Authentication-Results: mail.acme.example; auth=pass smtp.auth=bob@far.example }
  { eve@far.example = PREPEND Authentication-Results: mail.acme.example; auth=pass smtp.auth=eve@far.example }
  { kit@far.example = PREPEND Authentication-Results: mail.acme.example; auth=pass smtp.auth=kit@far.example } }
from_outside = check_sender_access static:{ PREPEND Authentication-Results: mail.acme.example; spf=none }
`

const masterCF = `127.0.0.1:{{.SMTP}} inet n - n - - smtpd -o smtpd_sender_restrictions=$from_outside
127.0.0.1:{{.Submit}} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes -o smtpd_sender_restrictions=$signed_in
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
fail unix - n n - - pipe flags=q user=nobody argv=/bin/false
`

const dovecotConf = `base_dir = {{.Dir}}/dovecot
state_dir = {{.Dir}}/dovecot
log_path = {{.Dir}}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{{.Dir}}/cert.pem
ssl_key = <{{.Dir}}/key.pem
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = maildir:{{.Dir}}/mail/%d/%n
default_login_user = dovenull
default_internal_user = dovecot
passdb {
  driver = static
  args = password=` + Password + `
}
userdb {
  driver = static
  args = uid={{.UID}} gid={{.GID}} home={{.Dir}}/mail/%d/%n allow_all_users=yes
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox "Gesendete Objekte" {
    auto = create
    special_use = \Sent
  }
  mailbox Drafts {
    auto = create
    special_use = \Drafts
  }
}
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = {{.IMAP}}
    ssl = yes
  }
}
service auth {
  unix_listener {{.Dir}}/queue/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
`

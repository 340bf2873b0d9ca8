package delivery

import (
	"context"
	"database/sql"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/picture"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// UploadID is the id of an Upload.
type UploadID = id.Of[Upload]

// Upload is a picture or file a member of staff gave us to send.
type Upload struct {
	ID     UploadID
	Person staff.PersonID
	Name   string
	Type   string // by content, not by what its sender says
	Size   int64
	Body   []byte
	At     time.Time
}

// MaxUpload is the largest file that is taken, in bytes.
const MaxUpload = 25 << 20

// Keep stores a file to be sent with a later answer. Its type is read from its content.
func (s *Service) Keep(ctx context.Context, who staff.Actor, name string, body []byte) (u Upload, err error) {
	if err := who.Require(staff.Answer); err != nil {
		return u, err
	}
	switch {
	case len(body) == 0:
		return u, fault.In("file", "the file is empty")
	case len(body) > MaxUpload:
		return u, fault.In("file", "the file is larger than 25 MB")
	case picture.TooLarge(body):
		return u, fault.In("file", "the picture has too many points to be shown: save it with 100 million at most (10,000 by 10,000), and attach it again")
	}
	u = Upload{ID: UploadID(s.Store.IDs.Next()), Person: who.Person, Name: FileName(name), Type: http.DetectContentType(body), Size: int64(len(body)), Body: body, At: s.Now()}
	return u, s.Store.Tx(ctx, func(tx *store.Tx) error {
		return tx.Insert(ctx, "upload", "id, person, name, type, size, body, at", "", [][]any{{u.ID, u.Person, u.Name, u.Type, u.Size, u.Body, store.Micros(u.At)}})
	})
}

// FileName is a name of a file from outside for people to read: never a path, and without letters that nobody sees.
func FileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			return -1
		}
		return r
	}, name)
	name = strings.Trim(name, ". ")
	if name == "" || name == "/" {
		return "file"
	}
	if r := []rune(name); len(r) > 120 {
		name = string(r[len(r)-120:])
	}
	return name
}

// MostUploads is how much the files of one message may have together, in bytes.
const MostUploads = 100 << 20

// given are files that a person gave us, without their bytes, in the order asked for; another's is as good as not there.
func given(ctx context.Context, q store.Queryer, of staff.PersonID, ids []UploadID) ([]Upload, error) {
	byID, err := named(ctx, q, of, ids)
	if err != nil {
		return nil, err
	}
	out, all := make([]Upload, 0, len(ids)), int64(0)
	for _, id := range ids {
		u, ok := byID[id]
		if !ok {
			return nil, notKept()
		}
		out, all = append(out, u), all+u.Size
	}
	if all > MostUploads {
		return nil, fault.In("media", "the files have more than 100 MB together: leave some out")
	}
	return out, nil
}

func notKept() error {
	return fault.In("media", "one of the files is not there any more: attach it again")
}

// named are files of a person without their bytes, as far as they are kept.
func named(ctx context.Context, q store.Queryer, of staff.PersonID, ids []UploadID) (map[UploadID]Upload, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT id, person, name, type, size, at FROM upload WHERE person = $1 AND id IN (`+store.In(2, len(ids))+`)`,
		append([]any{of}, store.Pad(ids)...)...)
	list, err := store.List(rows, err, func(rows *sql.Rows) (u Upload, err error) {
		return u, rows.Scan(&u.ID, &u.Person, &u.Name, &u.Type, &u.Size, store.Time(&u.At))
	})
	out := map[UploadID]Upload{}
	for _, u := range list {
		out[u.ID] = u
	}
	return out, err
}

// uploads are files that a person gave us with their bytes, to be sent or shown, in the order asked for.
func uploads(ctx context.Context, q store.Queryer, of staff.PersonID, ids []UploadID) ([]Upload, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT id, person, name, type, size, body, at FROM upload WHERE person = $1 AND id IN (`+store.In(2, len(ids))+`)`,
		append([]any{of}, store.Pad(ids)...)...)
	list, err := store.List(rows, err, func(rows *sql.Rows) (u Upload, err error) {
		return u, rows.Scan(&u.ID, &u.Person, &u.Name, &u.Type, &u.Size, &u.Body, store.Time(&u.At))
	})
	byID := map[UploadID]Upload{}
	for _, u := range list {
		byID[u.ID] = u
	}
	out := make([]Upload, 0, len(ids))
	for _, id := range ids {
		u, ok := byID[id]
		if err == nil && !ok {
			return nil, notKept()
		}
		out = append(out, u)
	}
	return out, err
}

func (s *Service) attached(ctx context.Context, d Delivery) ([]channel.Upload, error) {
	list, err := uploads(ctx, s.Store.Read(), d.Author, d.Content.Uploads)
	out := make([]channel.Upload, len(list))
	for k, u := range list {
		out[k] = channel.Upload{Name: u.Name, Type: u.Type, Alt: d.Content.alt(k), Body: u.Body}
	}
	return out, err
}

// File is what goes with a delivery: an upload without its bytes, and what it shows in words.
type File struct {
	Upload
	Alt string
}

// Files says what goes with a delivery, in its order. What is not kept any more is left out.
func (s *Service) Files(ctx context.Context, d Delivery) ([]File, error) {
	return filesOf(ctx, s.Store.Read(), d)
}

func filesOf(ctx context.Context, q store.Queryer, d Delivery) ([]File, error) {
	byID, err := named(ctx, q, d.Author, d.Content.Uploads)
	var out []File
	for k, id := range d.Content.Uploads {
		if u, ok := byID[id]; ok {
			out = append(out, File{u, d.Content.alt(k)})
		}
	}
	return out, err
}

// File returns one file of a delivery that somebody may see, with its bytes.
func (s *Service) File(ctx context.Context, who staff.Actor, of ID, file UploadID) (Upload, error) {
	d, err := s.One(ctx, who, of)
	if err != nil {
		return Upload{}, err
	}
	if slices.Contains(d.Content.Uploads, file) {
		list, err := uploads(ctx, s.Store.Read(), d.Author, []UploadID{file})
		if err != nil {
			return Upload{}, err
		}
		return list[0], nil
	}
	return Upload{}, fault.New(fault.NotFound, "there is no such file with this message")
}

// A real AT Protocol network on this machine: directory, host, reading side. It prints one line of JSON when it is up, and
// ends when its standard input does, so that it never outlives the test that started it.
//
// Wanted in the environment: DB_POSTGRES_URL and REDIS_HOST of servers that belong to this run alone.
import { TestNetwork } from '@atproto/dev-env'

const network = await TestNetwork.create({ dbPostgresSchema: 'switchboard' })
console.log(JSON.stringify({ pds: network.pds.url, appview: network.bsky.url, plc: network.plc.url }))

process.stdin.resume()
process.stdin.on('end', async () => {
  setTimeout(() => process.exit(0), 5000).unref()
  try {
    await network.close()
  } finally {
    process.exit(0)
  }
})

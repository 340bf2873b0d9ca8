import { Loader, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answer, api } from "@/api/client";
import type { RuleForm, Trial } from "@/api/types";
import { sentence } from "@/lib/http";
import { useNow } from "@/lib/now";
import { brief } from "@/lib/time";
import { say } from "@/lib/words";
import { useZone } from "@/ui/Zone";
import styles from "./Policy.module.css";

interface Props {
  rule: string | undefined;
  condition: { form: RuleForm } | { condition: string } | null;
  department: string | null;
  name: string;
}

/** What the rule would have caught, while it is being written. */
export function TrialResult({ rule, condition, department, name }: Props) {
  const [asked] = useDebouncedValue(
    condition && { ...condition, ...(rule ? { rule } : {}), ...(department ? { department } : {}) },
    500,
  );
  const query = useQuery({
    queryKey: ["rules", "trial", asked],
    queryFn: () => answer(api.POST("/api/rules/test", { body: { ...asked, name } })),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
  return (
    <section className={styles["trial"]} aria-label={say("trial.title")} aria-live="polite">
      <Text size="sm" fw={600} mb={4}>
        {say("trial.title")} {query.isFetching && <Loader size={12} ml={6} />}
      </Text>
      {!condition ? (
        <Text size="sm" c="dimmed">
          {say("trial.wait")}
        </Text>
      ) : query.error ? (
        <Text size="sm" c="red" role="alert">
          {sentence(query.error)}
        </Text>
      ) : (
        query.data && <Result trial={query.data} />
      )}
    </section>
  );
}

function Result({ trial: t }: { trial: Trial }) {
  const now = useNow();
  const zone = useZone();
  return (
    <>
      <Text size="sm" className={styles["figure"]}>
        {say("trial.result", { n: t.matched, of: t.of.toLocaleString("en"), days: t.days })}
      </Text>
      {t.matched === 0 && (
        <Text size="sm" c="dimmed">
          {say("trial.none", { days: t.days })}
        </Text>
      )}
      {t.elsewhere > 0 && <Text size="sm">{say("trial.elsewhere", { n: t.elsewhere })}</Text>}
      {t.doubts.map((d) => (
        <Text key={d} size="sm" className={styles["doubt"]} role="note">
          {d}
        </Text>
      ))}
      {t.items.length > 0 && (
        <details>
          <summary>{say("trial.newest")}</summary>
          <ul className={styles["list"]}>
            {t.items.map((i) => (
              <li key={i.conversation}>
                <Link
                  to="/conversations/$conversation"
                  params={{ conversation: i.conversation }}
                  target="_blank"
                  className={styles["found"]}
                >
                  <bdi className={styles["excerpt"]}>{i.excerpt}</bdi>
                  <span className={styles["sub"]}>
                    {i.person ? `${i.person.name}, ` : ""}
                    {i.department.name} · {brief(i.at, now, zone)}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

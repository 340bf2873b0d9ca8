import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { departmentsQuery, intentsQuery } from "@/api/queries";
import { useMay } from "@/api/session";
import type { Department } from "@/api/types";
import { say } from "@/lib/words";
import { DeedButton } from "@/ui/ActionButton";
import { Async } from "@/ui/Async";
import { Chip } from "@/ui/Chip";
import { Face } from "@/ui/Face";
import { Page } from "@/ui/Page";
import { NewDepartment } from "./NewDepartment";
import styles from "./Staff.module.css";

/** Who answers what. */
export function Departments() {
  const may = useMay("departments.manage");
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const query = useQuery(departmentsQuery);
  return (
    <Page
      title={say("departments.title")}
      summary={say("departments.summary")}
      deeds={
        may && (
          <DeedButton
            deed="department-add"
            hotkey="n"
            leftSection={<Plus size={16} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            {say("departments.add")}
          </DeedButton>
        )
      }
    >
      <Async of={query} empty={say("departments.empty")}>
        {(departments) => (
          <ul className={styles["list"]}>
            {departments.map((d) => (
              <DepartmentRow key={d.id} department={d} />
            ))}
          </ul>
        )}
      </Async>
      {adding && (
        <NewDepartment
          onClose={() => setAdding(false)}
          onMade={(d) => void navigate({ to: "/departments/$department", params: { department: d.id } })}
        />
      )}
    </Page>
  );
}

function DepartmentRow({ department: d }: { department: Department }) {
  const intents = useQuery(intentsQuery).data ?? [];
  return (
    <li>
      <Link to="/departments/$department" params={{ department: d.id }} className={styles["row"]}>
        <Face name={d.name} square size={36} />
        <span className={styles["main"]}>
          <bdi className={styles["name"]}>{d.name}</bdi>
          <span className={styles["sub"]}>{d.operator ? say("departments.operator") : d.summary}</span>
        </span>
        <span className={styles["skills"]}>
          {d.intents.slice(0, 4).map((key) => (
            <Chip key={key} tone="accent">
              {intents.find((i) => i.key === key)?.title ?? key}
            </Chip>
          ))}
        </span>
        <span className={styles["side"]}>
          <span>{say("departments.waiting", { n: d.waiting })}</span>
          <span className={styles["sub"]}>{say("departments.people", { n: d.people.length })}</span>
        </span>
      </Link>
    </li>
  );
}

import type { ReactNode } from "react";
import type { Scoreboard } from "@/api/types";
import { say } from "@/lib/words";
import { percent, rate } from "./filter";
import styles from "./Scoreboard.module.css";

const size = 300;
const edge = { left: 38, bottom: 34, top: 10, right: 10 };
const steps = [0, 0.25, 0.5, 0.75, 1];

interface Box {
  width: number;
  height: number;
}
const within = (box: Box) => ({
  x: (v: number) => edge.left + v * (box.width - edge.left - edge.right),
  y: (v: number) => box.height - edge.bottom - v * (box.height - edge.top - edge.bottom),
});

/** The frame of a plot from 0 to 100 %, with what is drawn in it. */
function Frame({ box, name, children }: { box: Box; name: string; children: ReactNode }) {
  const { x, y } = within(box);
  return (
    <svg className={styles["plot"]} viewBox={`0 0 ${box.width} ${box.height}`} role="img" aria-label={name}>
      {steps.map((s) => (
        <g key={s}>
          <line className={styles["grid"]} x1={x(0)} x2={x(1)} y1={y(s)} y2={y(s)} />
          <text className={styles["tick"]} x={x(0) - 6} y={y(s) + 4} textAnchor="end">
            {s * 100}
          </text>
        </g>
      ))}
      {children}
    </svg>
  );
}

/** What was said against what was: on the diagonal it was as sure as it said. */
export function CalibrationPlot({ bins }: { bins: Scoreboard["bins"] }) {
  const box = { width: size, height: size };
  const { x, y } = within(box);
  const most = Math.max(1, ...bins.map((b) => b.was.of));
  const curve = bins.map((b) => `${x(b.said)},${y(b.calibrated)}`).join(" ");
  return (
    <Frame box={box} name={say("score.calibration.picture")}>
      {steps.map((s) => (
        <text key={s} className={styles["tick"]} x={x(s)} y={size - edge.bottom + 15} textAnchor="middle">
          {s * 100}
        </text>
      ))}
      <text className={styles["axis"]} x={x(0.5)} y={size - 4} textAnchor="middle">
        {say("score.said")}
      </text>
      <line className={styles["ideal"]} x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
      <polyline className={styles["curve"]} points={curve} />
      {bins
        .filter((b) => b.was.of > 0)
        .map((b) => (
          <circle
            key={b.from}
            className={styles["dot"]}
            cx={x(b.said)}
            cy={y(b.was.n / b.was.of)}
            r={3 + 6 * Math.sqrt(b.was.of / most)}
          >
            <title>{`${say("score.said")} ${percent(b.said)}, ${say("score.was")} ${percent(b.was)} (${b.was.of})`}</title>
          </circle>
        ))}
    </Frame>
  );
}

/** How it went week by week: right as a line, unlike before as bars. */
export function DriftPlot({ weeks, label }: { weeks: Scoreboard["weeks"]; label: (from: string) => string }) {
  const box = { width: 560, height: 220 };
  const { x, y } = within(box);
  const at = (i: number) => (i + 0.5) / weeks.length;
  const line = weeks.flatMap((w, i) => {
    const r = rate(w.first);
    return r === undefined ? [] : [`${x(at(i))},${y(r)}`];
  });
  const every = Math.ceil(weeks.length / 7);
  return (
    <Frame box={box} name={say("score.drift.picture")}>
      {weeks.map((w, i) => {
        const unlike = rate(w.unlike);
        const right = rate(w.first);
        const wide = Math.min(22, 300 / weeks.length);
        return (
          <g key={w.from}>
            {unlike !== undefined && (
              <rect
                className={styles["bar"]}
                x={x(at(i)) - wide / 2}
                width={wide}
                y={y(unlike)}
                height={y(0) - y(unlike)}
              >
                <title>{`${label(w.from)}: ${say("score.unlike")} ${percent(w.unlike)}`}</title>
              </rect>
            )}
            {right !== undefined && (
              <circle className={styles["dot"]} cx={x(at(i))} cy={y(right)} r={4}>
                <title>{`${label(w.from)}: ${say("score.was")} ${percent(w.first)}`}</title>
              </circle>
            )}
            {i % every === 0 && (
              <text className={styles["tick"]} x={x(at(i))} y={box.height - edge.bottom + 15} textAnchor="middle">
                {label(w.from)}
              </text>
            )}
          </g>
        );
      })}
      <polyline className={styles["curve"]} points={line.join(" ")} />
    </Frame>
  );
}

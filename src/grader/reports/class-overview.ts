import type { GradeReport, SubmissionResult } from "../results.js";

/** How a class did in one lesson. */
export interface LessonOverview {
  lesson: string;
  maxScore: number;
  /** Shares of the points, from low to high. */
  shares: number[];
  mean: number;
  median: number;
  exercises: ExerciseOverview[];
  mistakes: Mistake[];
}

export interface ExerciseOverview {
  name: string;
  points: number;
  /** How many got all points, some, none. */
  full: number;
  partial: number;
  none: number;
}

export interface Mistake {
  exercise: string;
  hint: string;
  /** Whether the answers behave just like a known wrong one. */
  known: boolean;
  count: number;
}

/** What could not be graded: unreadable files, and faults of the grader. */
export function isGraded({ exercises, outcome }: SubmissionResult): boolean {
  return exercises.length > 0 && outcome !== "infrastructure";
}

export function lessonOverviews({ submissions }: GradeReport): LessonOverview[] {
  const graded = submissions.filter(isGraded);
  const lessons = [...new Set(graded.map(({ lesson }) => lesson))].sort();
  return lessons.map((lesson) => {
    const own = graded.filter((submission) => submission.lesson === lesson);
    const shares = own
      .map(({ score, maxScore }) => (maxScore > 0 ? score / maxScore : 0))
      .sort((a, b) => a - b);
    const middle = (shares.length - 1) / 2;
    return {
      lesson,
      maxScore: own[0].maxScore,
      shares,
      mean: shares.reduce((total, share) => total + share, 0) / shares.length,
      median: (shares[Math.floor(middle)] + shares[Math.ceil(middle)]) / 2,
      exercises: own[0].exercises.map(({ name, points }) => exerciseOverview(name, points, own)),
      mistakes: mistakesOf(own),
    };
  });
}

function exerciseOverview(name: string, points: number, own: readonly SubmissionResult[]): ExerciseOverview {
  const scores = own.map(({ exercises }) => exercises.find((exercise) => exercise.name === name)?.score ?? 0);
  const full = scores.filter((score) => score >= points).length;
  const none = scores.filter((score) => score === 0).length;
  return { name, points, full, partial: scores.length - full - none, none };
}

/** Messages of exercises without full marks, the most frequent first. */
function mistakesOf(own: readonly SubmissionResult[]): Mistake[] {
  const mistakes = new Map<string, Mistake>();
  for (const { name, score, points, message, knownMistake = false } of own.flatMap(
    ({ exercises }) => exercises,
  )) {
    if (score >= points || message === "") continue;
    const key = JSON.stringify([name, message]);
    const mistake = mistakes.get(key) ?? { exercise: name, hint: message, known: knownMistake, count: 0 };
    mistakes.set(key, { ...mistake, count: mistake.count + 1 });
  }
  return [...mistakes.values()].sort((a, b) => b.count - a.count);
}

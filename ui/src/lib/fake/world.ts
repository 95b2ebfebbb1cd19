// Made-up courses with plausible viewing: a few lectures everybody opens, interest that fades, re-watching before the
// exam, people who skip the end. Only for the fake.

import { seeded } from './random';
import { dayOf } from './format';

export const CHUNKS = 20;

/** One viewer, one video, one day: the seconds spent and the share covered of each chunk. */
export interface View {
  viewer: number;
  day: number;
  /** Share covered of each chunk, 0 to 1. */
  covered: Float32Array;
  /** Seconds spent in each chunk. */
  spent: Float32Array;
}

export interface FakeVideo {
  id: string;
  name: string;
  folder: string | null;
  durationSecs: number | null;
  views: View[];
}

export interface FakeCourse {
  id: string;
  name: string;
  videos: FakeVideo[];
  firstDay: number;
  lastDay: number;
}

const guid = (random: () => number) =>
  'xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx'.replace(/x/g, () => Math.floor(random() * 16).toString(16));

const TOPICS = [
  'Welcome and how this course works',
  'Costs I: fixed and variable',
  'Costs II: break-even',
  'Contribution margin',
  'Probability refresher',
  'Expected value',
  'Decision trees I',
  'Decision trees II',
  'Value of information',
  'Linear programming I: setting up',
  'Linear programming II: the graphical way',
  'Linear programming III: Solver',
  'Sensitivity report, line by line',
  'Shadow prices',
  'Transport and assignment',
  'Integer models',
  'Midterm review',
  'Simulation I: random inputs',
  'Simulation II: reading the output',
  'Forecasting: moving averages',
  'Forecasting: smoothing',
  'Regression I: one variable',
  'Regression II: several variables',
  'Regression III: what can go wrong',
  'Queues',
  'Inventory: how much to order',
  'Inventory: when to order',
  'Project planning',
  'Guest lecture: pricing at an airline',
  'Case: the coffee roaster',
  'Case discussion',
  'Tutorial 1',
  'Tutorial 2',
  'Tutorial 3',
  'Tutorial 4',
  'Assignment 1 walk-through',
  'Assignment 2 walk-through',
  'Assignment 3 walk-through',
  'Final review I',
  'Final review II',
  'Questions from last year’s exam',
  'Outlook: where to go from here',
];

const HARD_NAMES = [
  'BAMA504-001 2021W1 09/08/2021 8:00 AM-10:00 AM [SXRS] – recorded in the small lecture theatre, second attempt after the microphone failed, please watch from minute four',
  'مقدمة في التحليل الكمي: التكاليف الثابتة والمتغيرة ونقطة التعادل',
  '第三讲：线性规划与灵敏度分析（上）——从建模到求解，附课堂练习与讨论',
  '<img src=x onerror=alert(1)>',
  'שיעור 4 (חזרה) – עצי החלטה',
  'ÅÄÖ ß ñ é 🎓 Zusammenfassungsvorlesungsaufzeichnungsbereitstellung',
  '=HYPERLINK("http://example.invalid","click")',
  'A',
  '   ',
  'データ可視化入門：散布図・箱ひげ図・ヒートマップの読み方と落とし穴',
];

export interface WorldOptions {
  videos: number;
  viewers: number;
  hardNames: boolean;
  watched: boolean;
}

export function makeCourse(seed: number, name: string, options: WorldOptions): FakeCourse {
  const random = seeded(seed);
  const firstDay = dayOf('2020-09-08');
  const lastDay = dayOf('2020-11-22');
  const days = lastDay - firstDay + 1;
  // How keen each viewer is: a few watch everything, many stop early.
  const keenness = Array.from({ length: options.viewers }, () => 0.15 + 0.85 * random() ** 1.3);

  const videos = Array.from({ length: options.videos }, (_, index): FakeVideo => {
    const durationSecs = index % 29 === 28 ? null : Math.round(240 + 5200 * random() ** 1.6);
    const base = TOPICS[index % TOPICS.length] ?? 'Lecture';
    const plain = index < TOPICS.length ? base : `${base} (part ${1 + Math.floor(index / TOPICS.length)})`;
    const video: FakeVideo = {
      id: guid(random),
      name: options.hardNames ? (HARD_NAMES[index % HARD_NAMES.length] ?? plain) : plain,
      folder: index % 7 > 4 ? `Week ${1 + Math.floor(index / 4)}` : null,
      durationSecs,
      views: [],
    };
    if (!options.watched || index % 17 === 16) return video;

    const released = firstDay + Math.floor((index / options.videos) * (days - 12));
    const appeal = index === 0 ? 1 : 0.2 + 0.5 * (1 - index / options.videos) + 0.25 * random();
    // Where this lecture loses people, how much, and a part that is watched again.
    const drop = 0.25 + 0.6 * random();
    const loss = 0.2 + 0.6 * random();
    const hard = Math.floor(random() * CHUNKS);
    const skip = random() < 0.3 ? Math.floor(4 + random() * 10) : -9;

    for (let viewer = 0; viewer < options.viewers; viewer += 1) {
      const keen = keenness[viewer] ?? 0.5;
      if (random() > keen * appeal) continue;
      const sittings = random() < 0.2 ? 2 : 1;
      for (let sitting = 0; sitting < sittings; sitting += 1) {
        const covered = new Float32Array(CHUNKS);
        const spent = new Float32Array(CHUNKS);
        const start = sitting === 0 ? 0 : hard / CHUNKS;
        const end = sitting > 0 ? start + 0.15 : random() < keen ? 1 : drop + (random() - 0.5) * loss;
        const speed = 0.8 + 0.5 * random();
        for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
          const share = Math.min(1, Math.max(0, (end - chunk / CHUNKS) * CHUNKS));
          const from = Math.min(1, Math.max(0, (start - chunk / CHUNKS) * CHUNKS));
          let part = Math.max(0, share - from);
          if (chunk === skip || chunk === skip + 1) part *= random() < 0.7 ? 0 : 1;
          if (random() < 0.08) part *= random();
          if (part < 0.02) continue;
          covered[chunk] = part;
          const again = chunk === hard && random() < 0.5 ? 2 + random() * 1.5 : 1;
          spent[chunk] = (part * (durationSecs ?? 0) * again) / CHUNKS / Math.max(1, speed);
        }
        const late = random() < 0.75 ? random() ** 2 * 9 : lastDay - released - random() * 5;
        const day = Math.min(lastDay, Math.max(released, Math.floor(released + late + sitting)));
        video.views.push({ viewer, day, covered, spent });
      }
    }
    return video;
  });
  return { id: guid(random), name, videos, firstDay, lastDay };
}

// The mark of Loa: a loudspeaker whose sound leaves as the rings of a bronze
// drum, with the drum's star at the mouth. One drawing, used small in the
// shell and large on the sign-in page.

export function Logo({ class: extra = "" }: { class?: string }) {
    return (
        <svg class={`logo ${extra}`} viewBox="0 0 48 48" aria-hidden="true" focusable="false">
            <rect class="logo-ground" width="48" height="48" rx="13" />
            <path class="logo-horn" d="M10 20.500h5.500L26 13v22l-10.500-7.500H10a1.500 1.500 0 0 1-1.500-1.500v-4a1.500 1.500 0 0 1 1.500-1.500z" />
            <path class="logo-ring" d="M30.500 18.500a7.800 7.800 0 0 1 0 11M34.300 14.700a13.200 13.200 0 0 1 0 18.600" />
            <path class="logo-foot" d="M15 28.500l1.700 6.500h3.800l-1.500-5" />
        </svg>
    );
}

const RAYS = 14;
const SIZE = 400;
const MIDDLE = SIZE / 2;

function point(angle: number, radius: number): string {
    const x = MIDDLE + Math.sin(angle) * radius;
    const y = MIDDLE - Math.cos(angle) * radius;
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

/** The star at the middle of a Đông Sơn drum, with fourteen rays. */
function star(outer: number, inner: number): string {
    const points: string[] = [];
    for (let i = 0; i < RAYS; i++) {
        const turn = (2 * Math.PI * i) / RAYS;
        points.push(point(turn, outer), point(turn + Math.PI / RAYS, inner));
    }
    return `M${points.join("L")}Z`;
}

/** Short strokes around a ring, as the geometric bands of the drum have. */
function teeth(count: number, from: number, to: number): string {
    let path = "";
    for (let i = 0; i < count; i++) {
        const turn = (2 * Math.PI * i) / count;
        path += `M${point(turn, from)}L${point(turn + Math.PI / count, to)}`;
    }
    return path;
}

/** Small circles with a dot, the drum's other band. */
function eyes(count: number, radius: number): { x: number; y: number }[] {
    return Array.from({ length: count }, (_, i) => {
        const turn = (2 * Math.PI * i) / count;
        return { x: MIDDLE + Math.sin(turn) * radius, y: MIDDLE - Math.cos(turn) * radius };
    });
}

export function Drum({ class: extra = "" }: { class?: string }) {
    return (
        <svg class={`drum ${extra}`} viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden="true" focusable="false">
            <path class="drum-star" d={star(58, 20)} />
            {[66, 72, 96, 102, 128, 134, 160, 166, 190].map((r) => (
                <circle key={r} class="drum-ring" cx={MIDDLE} cy={MIDDLE} r={r} />
            ))}
            <path class="drum-ring" d={teeth(56, 75, 93)} />
            {eyes(36, 115).map(({ x, y }) => (
                <circle key={`${x},${y}`} class="drum-ring" cx={x} cy={y} r={6.5} />
            ))}
            <path class="drum-ring" d={teeth(96, 137, 157)} />
            {eyes(64, 178).map(({ x, y }) => (
                <circle key={`${x},${y}`} class="drum-dot" cx={x} cy={y} r={3} />
            ))}
        </svg>
    );
}

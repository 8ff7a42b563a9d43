// Line icons, drawn for this console on a 24 grid with a 1.75 stroke. An icon
// never speaks for itself: it is hidden from screen readers, the words beside
// it (or the button's label) carry the meaning.

const shapes = {
    home: "M4 11l8-7 8 7M6 10v9h12v-9M10 19v-5h4v5",
    units: "M12 4v4M12 8H6v4M12 8h6v4M12 8v4M4.5 12h3v3h-3zM10.5 12h3v3h-3zM16.5 12h3v3h-3zM9.5 4h5M6 15v4M18 15v4M12 15v4",
    reform: "M5 5v4a4 4 0 0 0 4 4h2M19 5v4a4 4 0 0 1-4 4h-3v6M9 16l3 3 3-3",
    import: "M12 4v10M8 10l4 4 4-4M5 16v3h14v-3",
    export: "M12 14V4M8 8l4-4 4 4M5 16v3h14v-3",
    people: "M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11zM3.5 19c.4-3.2 2.6-5 5.5-5s5.100 1.800 5.500 5M16 5.200a3 3 0 0 1 0 5.600M17.500 14.200c1.800.7 2.800 2.400 3 4.800",
    roles: "M12 3l7 3v5c0 4.500-3 8-7 10-4-2-7-5.500-7-10V6zM9 12l2 2 4-4.500",
    audit: "M7 3.500h10v17l-2.500-1.500L12 20.500 9.500 19 7 20.500zM10 8h4M10 11.500h4M10 15h2.500",
    settings: "M5 7h8M17 7h2M5 17h2M11 17h8M5 12h4M13 12h6M15 5v4M9 15v4M11 10v4",
    about: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8v.1",
    user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20c.6-3.800 3.500-6 7.500-6s6.900 2.200 7.500 6",
    search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.500 4.500",
    plus: "M12 5v14M5 12h14",
    check: "M5 12.500l4.500 4.500L19 7.500",
    close: "M6 6l12 12M18 6L6 18",
    right: "M9 5l7 7-7 7",
    left: "M15 5l-7 7 7 7",
    down: "M5 9l7 7 7-7",
    lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3M12 14.500v2",
    unlock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 6.800-1.200M12 14.500v2",
    key: "M8 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 12h9M17.500 12v3M20.500 12v2",
    leave: "M13 4H6v16h7M10 12h11M17 8l4 4-4 4",
    sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600L7 7M17 17l1.400 1.400M18.400 5.600L17 7M7 17l-1.400 1.400",
    moon: "M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z",
    system: "M4 5h16v11H4zM9 20h6M12 16v4",
    copy: "M9 9h10v11H9zM15 9V4H5v11h4",
    print: "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
    warning: "M12 4l9 16H3zM12 10v4.500M12 17v.1",
    offline: "M4 4l16 16M8.500 13.500a5 5 0 0 1 3-1.400M5 10a10 10 0 0 1 4-2.500M19 10a10 10 0 0 0-6-2.900M15.500 13.500l.3.3M12 18v.1",
    more: "M5 6h14M5 12h14M5 18h14",
    undo: "M9 7H15a5 5 0 0 1 0 10H8M9 7l3-3M9 7l3 3",
    clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2",
    edit: "M4 20h4L19.500 8.500l-4-4L4 16zM13.500 6.500l4 4",
    trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.500 11v5M13.500 11v5",
    phone: "M8 3h8v18H8zM11 18h2",
    refresh: "M19 12a7 7 0 1 1-2-5M19 4v4h-4",
    shield: "M12 3l7 3v5c0 4.500-3 8-7 10-4-2-7-5.500-7-10V6z",
    language: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c5 5.500 5 12.500 0 18M12 3c-5 5.500-5 12.500 0 18",
    calendar: "M5 6h14v14H5zM5 10.500h14M9 4v4M15 4v4",
    minus: "M5 12h14",
    pin: "M12 21c4.500-5 6.500-8.300 6.500-11a6.500 6.500 0 0 0-13 0c0 2.700 2 6 6.500 11zM12 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
    speaker: "M4 10v4h4l6 4.500v-13L8 10zM17 9.500a4 4 0 0 1 0 5M19.300 7a7.500 7.500 0 0 1 0 10",
    station: "M12 21V11M9 21h6M12 11a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8.200 12.500a5 5 0 0 1 0-7M15.800 12.500a5 5 0 0 0 0-7M5.500 15a8.500 8.500 0 0 1 0-12M18.500 15a8.500 8.500 0 0 0 0-12",
    alarm: "M6 17v-5a6 6 0 0 1 12 0v5M4 20h16v-3H4zM12 3V1.500M4.500 6L3.300 4.800M19.500 6l1.200-1.200M12 9v4",
    drill: "M6 3v18M6 4h11l-2.500 4L17 12H6",
    programme: "M5 5h14v15H5zM5 9.500h14M9 3.500v3M15 3.500v3M10.500 12v5l4-2.500z",
    played: "M4 12h2l2-5 3 11 3-14 2.500 8H20",
    listen: "M5 14v-2a7 7 0 0 1 14 0v2M5 14h3v6H6a1 1 0 0 1-1-1zM19 14h-3v6h2a1 1 0 0 0 1-1z",
    stop: "M5 5h14v14H5zM9 9h6v6H9z",
    play: "M8 5.500l10.500 6.500L8 18.500z",
    volume: "M4 10v4h4l5 4V6L8 10zM16.500 9a4.500 4.500 0 0 1 0 6",
    tone: "M3 12h3l2-6 4 12 3-9 1.500 3H21",
    swap: "M7 4v13M4 14l3 3 3-3M17 20V7M14 10l3-3 3 3",
    qr: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.500v2.500H14zM17.500 17.500H20V20h-2.500zM14 19.500V20M19.500 14H20",
    paper: "M6 3.500h8.500L19 8v12.500H6zM14.500 3.500V8H19M9 12h7M9 15.500h5",
    microphone: "M12 14.500a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3zM6 11.500a6 6 0 0 0 12 0M12 17.500V21M9 21h6",
    pause: "M8.500 5v14M15.500 5v14",
    inbox: "M4 13l3-8h10l3 8v6H4zM4 13h4.500l1.500 2.500h4L15.500 13H20",
    send: "M4 11.500L20 4l-5.500 16-3.500-6.500zM11 13.500L20 4",
    bell: "M6 16.500v-5a6 6 0 0 1 12 0v5l1.500 1.500h-15zM10 20.500h4",
    speech: "M4 5h16v11h-9l-4 4v-4H4zM8 9h8M8 12h5",
    compare: "M4 5h7v14H4zM13 5h7v14h-7zM6.500 9h2M6.500 12h2M15.500 9h2M15.500 12h2",
    cut: "M6.500 9a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM6.500 20a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM8.500 8L20 18M8.500 16L20 6",
    eye: "M3 12c2.500-4.500 5.500-6.500 9-6.500s6.500 2 9 6.500c-2.500 4.500-5.500 6.500-9 6.500S5.500 16.500 3 12zM12 14.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name, class: extra = "" }: { name: IconName; class?: string }) {
    return (
        <svg class={`icon ${extra}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d={shapes[name]} />
        </svg>
    );
}

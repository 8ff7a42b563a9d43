// Decides which of the few big faces is shown: starting, the gate (sign in,
// second factor, things that must be done first), the shell, the lock.

import { Gate } from "./gate/gate";
import { Lock } from "./gate/lock";
import { MustDo } from "./gate/must_do";
import { SignIn } from "./gate/sign_in";
import { AskHost } from "./parts/dialog";
import { ErrorState, Skeleton } from "./parts/states";
import { ToastHost } from "./parts/toast";
import { Shell } from "./shell/shell";
import { asApiError, useLoad } from "./state/load";
import { session, sessionOffline, sessionRefresh } from "./state/session";

async function begin(): Promise<void> {
    try {
        await sessionRefresh();
    } catch (cause) {
        if (asApiError(cause).status !== 0 || !sessionOffline()) {
            throw cause;
        }
    }
}

function Starting() {
    const first = useLoad("start", begin);
    return (
        <Gate>
            {first.error ? (
                <ErrorState error={first.error} retry={first.reload} />
            ) : (
                <Skeleton lines={3} />
            )}
        </Gate>
    );
}

function Face() {
    const now = session.value;
    if (now === null) {
        return <Starting />;
    }
    if (now.state === "anonymous" || now.state === "second_factor") {
        return <SignIn session={now} />;
    }
    return (
        <>
            {now.must.length > 0 ? <MustDo must={now.must} /> : <Shell />}
            {now.state === "locked" && <Lock />}
        </>
    );
}

export function App() {
    return (
        <>
            <Face />
            <AskHost />
            <ToastHost />
        </>
    );
}

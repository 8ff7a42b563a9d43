// Says honestly that the server cannot be reached, since when, and that what
// is on the screen may be old.

import { Button } from "../parts/button";
import { Icon } from "../parts/icon";
import { lostAt, probeNow } from "../state/online";
import { t } from "../words";
import { instant } from "../words/format";

export function OfflineBanner() {
    const since = lostAt.value;
    return (
        <div class="offline-live" role="status">
            {since !== null && (
                <div class="offline">
                    <Icon name="offline" />
                    <p>{t("offline.body", { since: instant(since.toISOString()) })}</p>
                    <Button small icon="refresh" onClick={probeNow}>
                        {t("state.retry")}
                    </Button>
                </div>
            )}
        </div>
    );
}

// Says honestly that the server cannot be reached, since when, and that what
// is on the screen may be old; or that the page itself is.

import { Button } from "../parts/button";
import { Icon } from "../parts/icon";
import { lostAt, probeNow } from "../state/online";
import { outdated } from "../state/version";
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
            {since === null && outdated.value && (
                <div class="offline">
                    <Icon name="refresh" />
                    <p>{t("outdated.body")}</p>
                    <Button small icon="refresh" onClick={() => location.reload()}>
                        {t("outdated.reload")}
                    </Button>
                </div>
            )}
        </div>
    );
}

package io.karipap.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/**
 * Says what an answer other than success means, and what to do.
 *
 * @param reference what was asked for
 */
record Refusal(HubSettings settings, ModelReference reference) {
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

    /** The failure that an answer stands for: passing ones as {@link TransientFailure}. */
    IOException of(HubAnswer answer, boolean own) {
        int status = answer.status();
        String host = answer.uri().getHost();
        if (PASSING.contains(status) || !own && status == 403) { // another host's signed addresses expire
            return new TransientFailure(host + " answered " + status, pause(answer));
        }
        if (!own) {
            return new HubException(host + " answered " + status + " for a file of " + reference.repository());
        }
        return new HubException(sentence(status, answer.header("X-Error-Code").orElse("")));
    }

    private static Duration pause(HubAnswer answer) {
        return answer.header("Retry-After")
                .filter(text -> text.matches("\\d{1,4}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(Duration.ZERO);
    }

    private String sentence(int status, String code) {
        RepositoryName repository = reference.repository();
        String page = settings.endpoint() + "/" + repository;
        boolean known = settings.token().isPresent();
        if (code.equals("GatedRepo")) {
            return repository + " is gated: accept its terms at " + page + " and "
                    + (known ? "use a token of the account that did" : "set HF_TOKEN to a token of your account");
        }
        if (code.equals("RevisionNotFound")) {
            return repository + " has no revision \"" + reference.revisionOrMain() + "\": see " + page;
        }
        if (code.equals("EntryNotFound")) {
            return repository + " has no such file at revision \"" + reference.revisionOrMain() + "\": see " + page;
        }
        boolean missing = code.equals("RepoNotFound") || status == 404;
        if (!known && (missing || status == 401 || status == 403)) {
            return settings.endpoint().getHost() + " has no " + repository
                    + " that everybody may read: check the name, or set HF_TOKEN if it is private";
        }
        if (missing) {
            return settings.endpoint().getHost() + " has no " + repository
                    + " that your token may read: check the name and the token's rights";
        }
        if (status == 401) {
            return "the token was refused: set HF_TOKEN to a valid one, or unset it";
        }
        if (status == 403) {
            return "your token may not read " + repository + ": give it the right to read, see " + page;
        }
        return settings.endpoint().getHost() + " answered " + status + " for " + repository
                + (status < 400 ? "; is HF_ENDPOINT a Hugging Face hub?" : "");
    }
}

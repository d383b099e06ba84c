"""Learn the weights of ``memory/cues.json``: ``python -m consolidation.skill.cues``.

Logistic regression on the words and pairs of words of the messages that are trained on; how strongly it is
held back is chosen by five-fold cross-validation on the same messages.
"""

from __future__ import annotations

import json
from pathlib import Path

from consolidation.skill.build import Text
from memory import cues

STRENGTHS = (0.1, 0.2, 0.3, 0.5, 1.0)
SEEN = 2  # messages in which a feature must stand


def main() -> None:
    """Fit, and write the table beside the module that reads it."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegressionCV

    messages = Text().messages
    counter = CountVectorizer(analyzer=cues.features, binary=True, min_df=SEEN)
    table = counter.fit_transform([item.message for item in messages])
    model = LogisticRegressionCV(Cs=STRENGTHS, cv=5, scoring="neg_log_loss", max_iter=1000, random_state=0)
    model.fit(table, [bool(item.facts) for item in messages])
    pairs = zip(counter.get_feature_names_out(), model.coef_[0], strict=True)
    weights = {name: round(float(weight), 3) for name, weight in sorted(pairs) if abs(weight) >= 0.005}
    text = json.dumps(
        {"bias": round(float(model.intercept_[0]), 3), "weights": weights}, ensure_ascii=False, indent=0
    )
    Path(cues.__file__).with_name("cues.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()

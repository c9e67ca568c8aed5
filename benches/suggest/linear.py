"""How good scikit-learn's linear models are on the same records.

Reads two files of lines "label<TAB>features" that `benches suggest` wrote, and prints one line of JSON for each model:
its name and the shares of test records whose service is the first, or among the first three, that it names. Features
with "-" are beginnings of words; each model is tried with words alone, and with both.
"""

import json
import sys

import numpy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.svm import LinearSVC


def read(path):
    with open(path, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    return [row[0] for row in rows], [row[1].split(" ") if row[1] else [] for row in rows]


def words_only(texts):
    return [[f for f in text if "-" not in f] for text in texts]


def main(train, test):
    (train_labels, train_texts), (test_labels, test_texts) = read(train), read(test)
    models = {
        "logistic regression, C=1": lambda: LogisticRegression(C=1, max_iter=300),
        "logistic regression, C=10": lambda: LogisticRegression(C=10, max_iter=300),
        "linear support vectors": lambda: LinearSVC(C=1),
        "stochastic gradient, log loss": lambda: SGDClassifier(loss="log_loss", alpha=1e-5, random_state=7),
    }
    for kind, choose in (("words", words_only), ("words, beginnings", lambda texts: texts)):
        vectors = TfidfVectorizer(analyzer=lambda text: text, sublinear_tf=True)
        known, asked = vectors.fit_transform(choose(train_texts)), vectors.transform(choose(test_texts))
        for name, make in models.items():
            model = make().fit(known, train_labels)
            scores = model.decision_function(asked)
            if scores.ndim == 1:
                scores = numpy.stack([-scores, scores], axis=1)
            order = model.classes_[numpy.argsort(-scores, axis=1)[:, :3]]
            answers = numpy.array(test_labels)
            first = float((order[:, 0] == answers).mean())
            three = float((order == answers[:, None]).any(axis=1).mean())
            print(json.dumps({"model": f"{name}; {kind}", "top1": first, "top3": three}), flush=True)


main(*sys.argv[1:3])

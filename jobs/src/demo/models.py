"""The same logistic and Poisson fits as MLlib's, by statsmodels and scikit-learn: coefficients must
agree to 1e-4. Usage: models.py FOLDER, which `./lodestone bench-models` has written."""

import glob
import json
import sys
import time

import numpy
import pandas
import statsmodels.api as sm
from sklearn.linear_model import LogisticRegression

AGREE = 1e-4


def read(folder, name):
    return pandas.concat(pandas.read_csv(part) for part in sorted(glob.glob(f"{folder}/{name}.csv/*.csv")))


def report(name, program, seconds, rows, found, wanted):
    gap = float(numpy.max(numpy.abs(found - wanted)))
    print(f"{name:9} {program:24} {seconds:8.2f} s {rows / seconds:14,.0f} rows a second, largest gap {gap:.2e}")
    return gap <= AGREE


def main(folder):
    with open(f"{folder}/mllib.json") as file:
        fits = json.load(file)
    agree = True
    for name, fit in fits.items():
        rows = read(folder, name)
        x = rows[fit["terms"]].to_numpy()
        used = x.std(axis=0) > 0  # MLlib leaves a constant covariate at 0
        wanted = numpy.append(numpy.array(fit["coefficients"])[used], fit["intercept"])
        print(f"{name:9} {'MLlib':24} {fit['seconds']:8.2f} s {fit['rows'] / fit['seconds']:14,.0f} rows a second")
        design = sm.add_constant(x[:, used], prepend=False)
        family = sm.families.Binomial() if name == "logistic" else sm.families.Poisson()
        started = time.perf_counter()
        peer = sm.GLM(rows.label, design, family=family, freq_weights=rows.weight, offset=rows.offset)
        found = peer.fit(maxiter=200, tol=1e-12).params.to_numpy()
        agree &= report(name, "statsmodels GLM", time.perf_counter() - started, len(rows), found, wanted)
        if name == "logistic":
            started = time.perf_counter()
            scale = x[:, used].std(axis=0)
            peer = LogisticRegression(C=numpy.inf, tol=1e-10, max_iter=5000, solver="newton-cholesky")
            peer.fit(x[:, used] / scale, rows.label, sample_weight=rows.weight)
            found = numpy.append(peer.coef_[0] / scale, peer.intercept_)
            agree &= report(name, "scikit-learn", time.perf_counter() - started, len(rows), found, wanted)
    print("coefficients agree to 1e-4" if agree else "COEFFICIENTS DISAGREE")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

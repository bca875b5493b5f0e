"""Draws loss.csv as an SVG.

    python curve.py loss.csv curve.svg
"""
import csv
import math
import pathlib
import sys

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 280, 52, 36


def main(source, target):
    rows = [(int(r["step"]), float(r["loss"])) for r in csv.DictReader(open(source))]
    last = rows[-1][0]
    top, floor = math.log10(max(v for _, v in rows)), math.log10(min(v for _, v in rows)) - 0.05

    def x(step):
        return LEFT + (WIDTH - LEFT - 12) * step / last

    def y(loss):
        return 12 + (HEIGHT - BOTTOM - 12) * (top - math.log10(loss)) / (top - floor)

    lines = []
    for tick in (8, 4, 2, 1, 0.5, 0.25, 0.125, 0.06, 0.03):
        if floor <= math.log10(tick) <= top:
            lines.append(f'<line x1="{LEFT}" x2="{WIDTH - 12}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" stroke="#8884"/>'
                         f'<text x="{LEFT - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick}</text>')
    for i in range(5):
        step = round(last * i / 4)
        lines.append(f'<text x="{x(step):.1f}" y="{HEIGHT - 16}" text-anchor="middle">{step}</text>')
    points = " ".join(f"{x(s):.1f},{y(v):.1f}" for s, v in rows)
    target.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="11" fill="#777">\n'
        "<title>Training loss of yuan2-nano by step, logarithmic</title>\n" + "\n".join(lines)
        + f'\n<polyline points="{points}" fill="none" stroke="#2f7ed8" stroke-width="1.5"/>\n'
        + f'<text x="{WIDTH / 2}" y="{HEIGHT - 2}" text-anchor="middle">step</text>\n</svg>\n')


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))

/* SPDX-License-Identifier: Apache-2.0 */
#include "report/page.h"

const char page_style[] =
    ":root{color-scheme:light dark}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:1240px;padding:1.5rem 1.25rem 3rem;background:#fff;"
    "color:#1f2328;font:16px/1.5 system-ui,'Segoe UI','DejaVu Sans',sans-serif}"
    "h1{font-size:1.7rem;line-height:1.25;margin:.2em 0 .4em}"
    "h2{font-size:1.25rem;margin:2.2rem 0 .6rem;padding-bottom:.25rem;"
    "border-bottom:1px solid #d0d7de}"
    "p{max-width:75ch}.lead{font-size:1.08rem}"
    ".hint{color:#57606a;font-size:.92rem;margin:.3rem 0 1rem}"
    "nav a{margin-right:1.1em;white-space:nowrap}a{color:#0550ae}"
    ".grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));"
    "gap:1.25rem}"
    "figure{margin:0;padding:.9rem;border:1px solid #d0d7de;border-radius:8px;"
    "break-inside:avoid;min-width:0}"
    "figure svg{display:block;width:100%;max-width:620px;height:auto;margin:auto}"
    "figcaption{margin-bottom:.6rem;line-height:1.35;overflow-wrap:anywhere}"
    "figcaption span{display:block;color:#57606a;font-size:.88rem}"
    ".scroll{overflow-x:auto;margin:0 0 1.5rem}"
    "table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}"
    "caption{text-align:left;font-weight:600;padding:.3rem 0}"
    "th,td{padding:.28rem .65rem;border-bottom:1px solid #d0d7de;text-align:left;"
    "vertical-align:top}"
    "thead th{border-bottom:2px solid #57606a;white-space:nowrap}"
    "tbody th{font-weight:500}"
    ".n{text-align:right;white-space:nowrap}"
    ".w{min-width:9rem;max-width:26rem;overflow-wrap:anywhere}"
    ".r{color:#57606a;display:block;font-size:.85em}"
    "footer{margin-top:2.5rem;color:#57606a;font-size:.88rem;overflow-wrap:anywhere}"
    "@media(max-width:600px){body{padding:1rem .8rem 2rem}figure{padding:.5rem}"
    "h1{font-size:1.4rem}}";

const char page_dark_style[] =
    "body{background:#0d1117;color:#e6edf3}a{color:#79b8ff}"
    "h2,figure,th,td{border-color:#30363d}thead th{border-bottom-color:#9aa4ae}"
    ".hint,.r,footer,figcaption span{color:#9aa4ae}";

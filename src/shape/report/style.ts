/** For screen and paper. Text has a contrast of at least 4.5. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--ground:#fff;--ink:#1d1c1a;--soft:#66625b;--line:#e2dfd8;--raised:#f6f5f2;--accent:#b8430a;--fill:#d9703a;--faint:#c9c4b9;--same:#15803d;--probably:#4d7c0f;--similar:#a16207;--unlike:#8a857c}
@media screen and (prefers-color-scheme:dark){:root{--ground:#1c1c1b;--ink:#eceae6;--soft:#a9a59d;--line:#3b3a37;--raised:#272725;--accent:#f79256;--fill:#d9703a;--faint:#5c5952;--same:#4ade80;--probably:#a3e635;--similar:#fbbf24;--unlike:#8d8980}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:14px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 24px 40px}
h1,h2,h3,p,dl,dd,ol,figure{margin:0;padding:0}
a{color:inherit;text-decoration-color:var(--faint);text-underline-offset:3px}
a:hover{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
header{display:flex;gap:28px;align-items:flex-start}
header>img{width:200px;height:200px;flex:none;object-fit:contain;background:var(--raised);border-radius:10px}
.about{min-width:0;flex:1}
h1{font-size:24px;line-height:1.25;font-weight:650;overflow-wrap:anywhere}
.lead{color:var(--soft);margin-top:4px}
.note{margin-top:12px;padding:8px 12px;background:var(--raised);border-radius:6px;border-left:3px solid var(--fill)}
.figures{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:16px;margin-top:18px}
.figures dt{color:var(--soft);font-size:12px}
.figures dd{font-size:18px;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.charts{display:grid;grid-template-columns:1fr 1fr;gap:40px;margin-top:32px;padding-top:20px;border-top:1px solid var(--line)}
figcaption{font-weight:600;margin-bottom:10px}
svg{display:block;width:100%;max-width:440px;height:auto;font-size:12.5px;font-variant-numeric:tabular-nums}
svg text{fill:var(--ink)}
svg .soft{fill:var(--soft)}
svg .fill{fill:var(--fill)}
svg .faint{fill:var(--faint)}
svg .axis{stroke:var(--line)}
h2{font-size:16px;margin-top:36px;padding-bottom:8px;border-bottom:1px solid var(--line);display:flex;justify-content:space-between;gap:16px}
h2 span{color:var(--soft);font-weight:400}
ol{list-style:none}
li{display:grid;grid-template-columns:28px 96px minmax(0,1fr) 184px 92px 92px;gap:4px 16px;padding:12px 0;border-bottom:1px solid var(--line);align-items:start;break-inside:avoid}
.rank{color:var(--soft);font-variant-numeric:tabular-nums;text-align:end}
.thumb{width:96px;height:96px;border-radius:8px;background:var(--raised);object-fit:cover;display:block}
h3{font-size:14px;font-weight:500;overflow-wrap:anywhere}
.shop,.place,.id,small{color:var(--soft);font-size:12.5px;overflow-wrap:anywhere}
.amount{font-size:16px;font-weight:650;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
small,.terms span{display:inline-block;max-width:100%;overflow-wrap:anywhere}
.end{text-align:end;font-variant-numeric:tabular-nums}
.likeness{height:4px;width:100%;margin-top:4px;max-width:none}
.likeness .rest{fill:var(--line)}
.same{fill:var(--same)}
.probably{fill:var(--probably)}
.similar{fill:var(--similar)}
.unlike{fill:var(--unlike)}
.unknown{color:var(--soft);font-weight:400;font-size:14px}
footer{margin-top:32px;color:var(--soft);font-size:12.5px}
footer p+p{margin-top:4px}
@media (max-width:720px){main{padding:20px 16px 32px}header{display:grid;grid-template-columns:96px minmax(0,1fr);gap:8px 16px;align-items:center}header>img{width:96px;height:96px}.about{display:contents}.about>*{grid-column:1/-1;margin-top:0}.about>h1{grid-column:2}h1{font-size:19px}.figures{grid-template-columns:1fr 1fr;gap:12px}.charts{grid-template-columns:minmax(0,1fr);gap:24px}
li{grid-template-columns:96px minmax(0,1fr);grid-template-areas:"thumb text" "thumb price" "thumb terms" "thumb like"}.terms{text-align:start}.rank{position:absolute;clip-path:inset(50%)}.thumb{grid-area:thumb}.text{grid-area:text}.price{grid-area:price}.terms{grid-area:terms}.like{grid-area:like}}
@media print{main{max-width:none;padding:0}body{font-size:11pt}.charts{break-inside:avoid}h2{break-after:avoid}.thumb{width:72px;height:72px}li{grid-template-columns:24px 72px minmax(0,1fr) 130px 90px 80px}a{text-decoration:none}.fill,.faint,.same,.probably,.similar,.unlike,.rest,.note{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`

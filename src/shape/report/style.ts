/** For screen and paper. Text has a contrast of at least 4.5. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--ground:#fff;--ink:#1d1c1a;--soft:#66625b;--line:#e2dfd8;--raised:#f6f5f2;--accent:#b8430a;--fill:#d9703a;--faint:#c9c4b9;--same:#15803d;--probably:#4d7c0f;--similar:#a16207;--unlike:#8a857c}
@media screen and (prefers-color-scheme:dark){:root{--ground:#1c1c1b;--ink:#eceae6;--soft:#a9a59d;--line:#3b3a37;--raised:#272725;--accent:#f79256;--fill:#d9703a;--faint:#5c5952;--same:#4ade80;--probably:#a3e635;--similar:#fbbf24;--unlike:#8d8980}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:14px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 24px 40px}
h1,h2,h3,p,dl,dt,dd,ol,figure{margin:0;padding:0}
a{color:inherit;text-decoration-color:var(--faint);text-underline-offset:3px}
a:hover{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
header{display:flex;gap:28px;align-items:flex-start}
header>img{width:200px;height:200px;flex:none;object-fit:contain;background:var(--raised);border-radius:10px}
.about{min-width:0;flex:1}
h1{font-size:24px;line-height:1.25;font-weight:650;overflow-wrap:anywhere}
.lead{color:var(--soft);margin-top:4px}
.note{margin-top:12px;padding:8px 12px;background:var(--raised);border-radius:6px;border-left:3px solid var(--fill)}
.over{margin-top:18px}
.figures{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:16px;margin-top:8px}
.figures dt{color:var(--soft);font-size:12px}
.figures dd{font-size:18px;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.charts{display:grid;grid-template-columns:1fr 1fr;gap:40px;margin-top:32px;padding-top:20px;border-top:1px solid var(--line)}
figcaption{font-weight:600;margin-bottom:10px}
figure svg{display:block;width:100%;max-width:440px;height:auto;font-size:12.5px;font-variant-numeric:tabular-nums}
figure text{fill:var(--ink)}
figure .soft{fill:var(--soft)}
figure .fill{fill:var(--fill)}
figure .faint{fill:var(--faint)}
figure .axis{stroke:var(--line)}
h2{font-size:16px;margin-top:36px;padding-bottom:8px;border-bottom:1px solid var(--line);display:flex;justify-content:space-between;gap:16px}
h2 span{color:var(--soft);font-weight:400}
ol{list-style:none}
li{display:grid;grid-template-columns:28px 200px minmax(0,1fr) 150px 92px 92px;gap:4px 16px;padding:12px 0;border-bottom:1px solid var(--line);align-items:start;break-inside:avoid}
.rank{color:var(--soft);font-variant-numeric:tabular-nums;text-align:end}
.single>li{grid-template-columns:28px 96px minmax(0,1fr) 150px 92px 132px}
.pair{display:flex;gap:8px}
.hidden{position:absolute}
.thumb{width:96px;height:96px;flex:none;border-radius:8px;background:var(--raised);object-fit:cover;display:block}
h3{font-size:14px;font-weight:500;overflow-wrap:anywhere}
.shop,.place,.id,.other,small{color:var(--soft);font-size:12.5px;overflow-wrap:anywhere}
.amount{font-size:16px;font-weight:650;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
small,.terms span{display:inline-block;max-width:100%;overflow-wrap:anywhere}
.end{text-align:end;font-variant-numeric:tabular-nums}
.likeness{display:block;height:4px;width:100%;margin-top:4px;max-width:none}
.likeness .rest{fill:var(--line)}
.same{fill:var(--same)}
.probably{fill:var(--probably)}
.similar{fill:var(--similar)}
.unlike{fill:var(--unlike)}
.unknown{color:var(--soft);font-weight:400;font-size:14px}
table{border-collapse:collapse;width:100%;margin-top:12px;font-variant-numeric:tabular-nums;font-size:13px}
.wide{overflow-x:auto}
th,td{padding:8px 0 8px 14px;text-align:end;vertical-align:top;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child{padding-inline-start:0;text-align:start;white-space:normal;min-width:150px;font-weight:500;overflow-wrap:anywhere}
thead th{color:var(--soft);font-weight:400;white-space:normal;vertical-align:bottom}
tr{break-inside:avoid}
td small,th small{display:block}
footer{margin-top:32px;color:var(--soft);font-size:12.5px}
footer p+p{margin-top:4px}
@media screen and (max-width:960px){main{padding:20px 16px 32px}header{display:grid;grid-template-columns:96px minmax(0,1fr);gap:8px 16px;align-items:center}header>img{width:96px;height:96px}.about{display:contents}.about>*{grid-column:1/-1;margin-top:0}header>img+.about>h1{grid-column:2}h1{font-size:19px}.figures{grid-template-columns:1fr 1fr;gap:12px}.charts{grid-template-columns:minmax(0,1fr);gap:24px}
li,.single>li{grid-template-columns:88px minmax(0,1fr);grid-template-rows:repeat(3,auto) 1fr;grid-template-areas:"pair text" "pair price" "pair terms" "pair like"}.terms,.like{text-align:start}.rank{position:absolute;clip-path:inset(50%)}.pair{grid-area:pair;flex-direction:column}.thumb{width:88px;height:88px}.text{grid-area:text}.price{grid-area:price}.terms{grid-area:terms}.like{grid-area:like}}
@page{margin:12mm}
@media print{body{font-size:9.5pt;line-height:1.35}main{max-width:none;padding:0}h1{font-size:16pt}h2{font-size:11pt;margin-top:14pt;padding-bottom:4pt;break-after:avoid}h3{font-size:9.5pt}header>img{width:110px;height:110px}.figures{margin-top:4px;gap:10px}.figures dd{font-size:12pt}.over{margin-top:8px}.charts{break-inside:avoid;margin-top:14px;padding-top:10px;gap:24px}.shop,.place,.id,.other,small,footer,.figures dt{font-size:8pt}.amount{font-size:10.5pt}.thumb{width:56px;height:56px;border-radius:4px}
li{grid-template-columns:18px 120px minmax(0,1fr) 136px 82px 72px;gap:2px 8px;padding:5px 0}.single>li{grid-template-columns:18px 56px minmax(0,1fr) 136px 82px 104px}footer{margin-top:14px;break-inside:avoid}table{font-size:8pt}th,td{padding:4px 0 4px 6px}th:first-child{min-width:96px}a{text-decoration:none}.wide{overflow:visible}.fill,.faint,.same,.probably,.similar,.unlike,.rest,.note{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`

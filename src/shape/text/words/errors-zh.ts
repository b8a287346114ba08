import type { CompareFailure } from '../../../offers/results/comparison-result.ts'

/** What failed, for documents in Chinese: the messages of errors are in English. */
export const ERRORS_ZH: Readonly<Record<CompareFailure['error']['code'], string>> = {
  invalid_input: '参数有误',
  picture_refused: '图片地址不允许读取',
  picture_unreachable: '图片无法获取',
  picture_unreadable: '图片无法识别',
  not_found: '未找到',
  key_missing: '未设置 API 密钥',
  key_rejected: 'API 密钥被拒绝',
  not_granted: '账号没有该权限',
  credits_exhausted: '额度不足',
  rate_limited: '请求过于频繁',
  upstream_unavailable: '数据源暂时不可用',
  certificate_untrusted: '数据源的证书不受信任',
  upstream_rejected: '数据源拒绝了请求',
  upstream_changed: '数据源的返回格式已变化',
  store_unavailable: '数据文件或数据库不可用',
  deadline_exceeded: '超时',
  cancelled: '已取消',
  config_invalid: '配置有误',
  internal: '内部错误',
}

/** Embeds a picture with a model that takes crops. */
import type { Crop, DescribePicture, PictureModel } from '../model.ts'
import { capCosine, meanOf, toInt8 } from '../vector.ts'
import { cropGroupsOf } from './crops.ts'

export function describeByCrops(model: PictureModel): DescribePicture {
  return async (picture, purpose) => {
    const groups = await cropGroupsOf(picture, model.side, purpose)
    const embedded = new Map<Crop, Float32Array>()
    for (const crop of groups.flatMap(group => group.crops)) {
      if (!embedded.has(crop)) embedded.set(crop, await model.embed(crop))
    }
    const vectors = groups.map(({ crops, favoursKind, maxCosine }) => {
      const mean = meanOf(crops.flatMap(crop => embedded.get(crop) ?? []))
      return toInt8(capCosine(favoursKind ? model.towardsKind(mean) : mean, maxCosine))
    })
    return { vectors, regions: [] }
  }
}
